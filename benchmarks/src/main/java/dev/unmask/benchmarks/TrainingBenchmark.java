package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Whole optimizer steps: batch, corruption, forward and backward pass, clipping, AdamW, moving
 * average. Tokens are those of the text; a step of block diffusion computes over twice as many.
 */
final class TrainingBenchmark implements Benchmark {

  private static final int WARM_UP = 3;
  private static final int REPEATS = 15;

  /** What is trained and in which batches; sequences fill the context. */
  private record Shape(String name, BackboneConfig backbone, int batchSize) {
    int tokens() {
      return batchSize * backbone.contextLength();
    }
  }

  /** The demo's model, and one at which the matrix products dominate. */
  private static final List<Shape> SHAPES =
      List.of(
          new Shape("3m", BackboneConfig.llama(1025, 6, 192, 6, 512, 288, 8), 8),
          new Shape("11m", BackboneConfig.llama(1025, 6, 384, 6, 1024, 256, 8), 8));

  @Override
  public String name() {
    return "training";
  }

  @Override
  public String description() {
    return "optimizer steps: tokens/s by number type and objective, share of the matrix rate";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    int repeats = options.repeats(REPEATS);
    for (Shape shape : SHAPES) {
      int steps = WARM_UP + repeats;
      try (TrainingRound single =
              new TrainingRound(shape.backbone(), shape.batchSize(), Precision.F32, steps);
          TrainingRound half =
              new TrainingRound(shape.backbone(), shape.batchSize(), Precision.BF16, steps)) {
        for (int i = 0; i < steps; i++) {
          single.take(i >= WARM_UP);
          half.take(i >= WARM_UP);
        }
        report(shape, single, results);
        report(shape, half, results);
        results.accept(automatic(shape, single, half));
      }
    }
  }

  private void report(Shape shape, TrainingRound round, Consumer<Result> results) {
    String suffix = " " + round.precision().name().toLowerCase(Locale.ROOT);
    Samples matrix = round.matrixRates();
    results.accept(
        Result.of(name(), shape.name() + " matrix product" + suffix, matrix.median(), "GFLOP/s")
            .with(matrix));
    report(
        shape,
        shape.name() + " autoregressive" + suffix,
        round.plainSteps(),
        TrainingFlops.autoregressive(shape.backbone(), shape.batchSize()),
        matrix.median(),
        results);
    report(
        shape,
        shape.name() + " block diffusion" + suffix,
        round.blockSteps(),
        TrainingFlops.blockDiffusion(shape.backbone(), shape.batchSize()),
        matrix.median(),
        results);
    results.accept(
        Result.of(
            name(),
            shape.name() + " block diffusion step over autoregressive step" + suffix,
            round.blockSteps().median() / round.plainSteps().median(),
            "ratio"));
  }

  private void report(
      Shape shape,
      String name,
      Samples milliseconds,
      double flops,
      double matrixRate,
      Consumer<Result> results) {
    Samples rates = milliseconds.map(time -> shape.tokens() / time * 1e3);
    results.accept(
        Result.of(name(), name, rates.median(), "tokens/s")
            .with("parameters", shape.backbone().parameterCount())
            .with("batch", shape.batchSize())
            .with("length", shape.backbone().contextLength())
            .with("step_milliseconds", milliseconds.median())
            .with(rates));
    double achieved = flops / milliseconds.median() / 1e6;
    results.accept(
        Result.of(name(), name + ", share of the matrix rate", achieved / matrixRate, "fraction")
            .with("gigaflops_a_second", achieved)
            .with("gigaflops_a_step", flops / 1e9)
            .with("matrix_gigaflops_a_second", matrixRate));
  }

  /** What {@code auto} picks, and how fast that is beside the faster of the two. */
  private Result automatic(Shape shape, TrainingRound single, TrainingRound half) {
    Precision picked =
        PrecisionCalibration.resolve(
            PrecisionChoice.AUTO,
            BackboneLoader.products(shape.backbone(), shape.tokens()),
            Use.TRAINING);
    double singleTime = single.plainSteps().median();
    double halfTime = half.plainSteps().median();
    double ofPicked = picked == Precision.F32 ? singleTime : halfTime;
    return Result.of(
            name(),
            shape.name() + " auto's choice over the faster number type",
            Math.min(singleTime, halfTime) / ofPicked,
            "ratio")
        .with("precision", picked.name());
  }
}
