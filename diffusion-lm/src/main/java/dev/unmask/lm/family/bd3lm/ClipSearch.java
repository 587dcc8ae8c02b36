package dev.unmask.lm.family.bd3lm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * Chooses the clipping under which training sees the least variance: that of the mean loss of a
 * block over a few batches (BD3-LM, arXiv:2503.09573, section 5.2). Models are still compared under
 * {@link Clipping#FULL}.
 *
 * @param widths lengths of the intervals tried
 * @param step distance between their starts
 */
public record ClipSearch(List<Double> widths, double step) {
  private static final double ROUNDING = 1e-9;

  public ClipSearch {
    widths = List.copyOf(widths);
    if (widths.isEmpty() || !(step > 0)) {
      throw new IllegalArgumentException("needs a width and a positive step");
    }
  }

  /** The published grid: widths 0.5 to 0.9, starts 0.05 apart. */
  public ClipSearch() {
    this(List.of(0.5, 0.6, 0.7, 0.8, 0.9), 0.05);
  }

  /** All intervals tried, narrow ones first. */
  public List<Clipping> intervals() {
    List<Clipping> intervals = new ArrayList<>();
    for (double width : widths) {
      for (int i = 0; i * step <= 1 - width + ROUNDING; i++) {
        double low = Math.max(i * step, Clipping.FULL.low());
        intervals.add(new Clipping(low, Math.min(i * step + width, 1)));
      }
    }
    return intervals;
  }

  /**
   * An interval and what speaks for it.
   *
   * @param variance of the mean loss of a block, in squared nats per token
   */
  public record Found(Clipping clipping, double variance) {}

  /**
   * The interval of the least variance; the first of several.
   *
   * @param losses mean losses of blocks under an interval, in nats per token; an interval with
   *     fewer than two is passed over
   */
  public Found best(Function<Clipping, double[]> losses) {
    Clipping best = Clipping.FULL;
    double least = Double.POSITIVE_INFINITY;
    for (Clipping interval : intervals()) {
      double[] values = losses.apply(interval);
      double variance = values.length < 2 ? Double.POSITIVE_INFINITY : variance(values);
      if (variance < least) {
        least = variance;
        best = interval;
      }
    }
    return new Found(best, least);
  }

  /** Without bias. */
  static double variance(double[] values) {
    double mean = DoubleStream.of(values).average().orElseThrow();
    double squares = DoubleStream.of(values).map(v -> (v - mean) * (v - mean)).sum();
    return squares / (values.length - 1);
  }
}
