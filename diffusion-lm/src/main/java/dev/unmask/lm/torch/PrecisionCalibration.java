package dev.unmask.lm.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which number type multiplies a model's matrices fastest on this machine, found by timing them.
 *
 * <p>A processor's feature flags say nothing about speed: of two machines with bfloat16
 * instructions one ran them at twice, the other at half the rate of float32.
 *
 * @param timings one line per product and number type
 * @param fastest the type with the smallest sum; bfloat16 has to win by a tenth, because it rounds
 */
public record PrecisionCalibration(List<Timing> timings, Precision fastest) {
  private static final Logger log = LoggerFactory.getLogger(PrecisionCalibration.class);
  private static final double MINIMUM_GAIN = 1.1;
  private static final long NANOS_PER_PRODUCT = 40_000_000;

  /** What the weights do between two products. */
  public enum Use {
    /** They change, and are cast anew for every product. */
    TRAINING,
    /** They stay, cast once. */
    DECODING
  }

  /** A product {@code [rows, in] x [in, out]}. */
  public record Product(int rows, int in, int out) {}

  /**
   * @param micros best time of one product in microseconds
   */
  public record Timing(Product product, Precision precision, double micros) {
    public double gigaflops() {
      return 2e-3 * product.rows() * product.in() * product.out() / micros;
    }
  }

  public PrecisionCalibration {
    timings = List.copyOf(timings);
  }

  /** Times every product in both number types; takes about 80 ms a product. */
  public static PrecisionCalibration of(List<Product> products, Use use) {
    List<Timing> timings = new ArrayList<>();
    try (TensorScope scope = TensorScope.open();
        Kernels kernels = Kernels.load(PrecisionCalibration.class)) {
      for (Product product : products) {
        for (Precision precision : List.of(Precision.F32, Precision.BF16)) {
          try (TensorScope inner = scope.child()) {
            timings.add(time(kernels, inner, product, precision, use));
          }
        }
      }
    }
    Precision fastest =
        total(timings, Precision.F32) > MINIMUM_GAIN * total(timings, Precision.BF16)
            ? Precision.BF16
            : Precision.F32;
    PrecisionCalibration calibration = new PrecisionCalibration(timings, fastest);
    log.info("{}", calibration.table());
    return calibration;
  }

  /**
   * The choice itself, or what {@code AUTO} measures for these products; around products of whole
   * numbers the faster of both types.
   */
  public static Precision resolve(PrecisionChoice choice, List<Product> products, Use use) {
    return switch (choice) {
      case F32 -> Precision.F32;
      case BF16 -> Precision.BF16;
      case INT8 ->
          of(products, use).fastest() == Precision.BF16 ? Precision.INT8_BF16 : Precision.INT8;
      case AUTO -> of(products, use).fastest();
    };
  }

  private static Timing time(
      Kernels kernels, TensorScope scope, Product product, Precision precision, Use use) {
    NDArray x = random(scope, product.rows(), product.in());
    NDArray fresh = random(scope, product.out(), product.in());
    NDArray weight =
        use == Use.DECODING
            ? kernels.call(scope, "cast", fresh, precision.scalarType()).get(0)
            : fresh;
    long deadline = System.nanoTime() + NANOS_PER_PRODUCT;
    long best = Long.MAX_VALUE;
    int runs = 0;
    while (runs < 3 || System.nanoTime() < deadline) {
      try (TensorScope once = scope.child()) {
        long start = System.nanoTime();
        kernels.call(once, "product", x, weight, precision.scalarType());
        best = Math.min(best, System.nanoTime() - start);
      }
      runs++;
    }
    return new Timing(product, precision, best / 1e3);
  }

  private static NDArray random(TensorScope scope, int rows, int columns) {
    return scope.manager().randomNormal(0, 1, new Shape(rows, columns), DataType.FLOAT32);
  }

  private static double total(List<Timing> timings, Precision precision) {
    return timings.stream()
        .filter(timing -> timing.precision() == precision)
        .mapToDouble(Timing::micros)
        .sum();
  }

  /** One line a product, for the log. */
  public String table() {
    StringBuilder table = new StringBuilder("matrix products, " + fastest + " is used:");
    for (Timing timing : timings) {
      table.append(
          String.format(
              Locale.ROOT,
              "%n  %5d x %4d x %4d  %-4s %9.1f us  %7.1f GFLOP/s",
              timing.product().rows(),
              timing.product().in(),
              timing.product().out(),
              timing.precision(),
              timing.micros(),
              timing.gigaflops()));
    }
    return table.toString();
  }
}
