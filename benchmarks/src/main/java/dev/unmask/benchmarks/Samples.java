package dev.unmask.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Repeated measurements of one thing, at least one. */
public final class Samples {

  private final double[] ascending;

  private Samples(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    ascending = values.clone();
    Arrays.sort(ascending);
  }

  public static Samples of(double... values) {
    return new Samples(values);
  }

  public static Samples of(List<Double> values) {
    return new Samples(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /**
   * Times an action.
   *
   * @param warmUp runs that do not count
   * @param repeats runs that do
   * @return milliseconds of each
   */
  public static Samples milliseconds(int warmUp, int repeats, Runnable action) {
    for (int i = 0; i < warmUp; i++) {
      action.run();
    }
    double[] milliseconds = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      long start = System.nanoTime();
      action.run();
      milliseconds[i] = (System.nanoTime() - start) / 1e6;
    }
    return new Samples(milliseconds);
  }

  /** The middle value; of an even number the mean of the middle two. */
  public double median() {
    int middle = ascending.length / 2;
    return ascending.length % 2 == 1
        ? ascending[middle]
        : (ascending[middle - 1] + ascending[middle]) / 2;
  }

  /**
   * The smallest value that at least this share of the values does not exceed (nearest rank).
   *
   * @param share in (0, 1]
   */
  public double percentile(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be in (0, 1], was " + share);
    }
    return ascending[(int) Math.ceil(share * ascending.length) - 1];
  }

  public double lowest() {
    return ascending[0];
  }

  public double highest() {
    return ascending[ascending.length - 1];
  }

  public int count() {
    return ascending.length;
  }

  /** The same measurements in another unit, for instance a rate of each time. */
  public Samples map(DoubleUnaryOperator conversion) {
    return new Samples(Arrays.stream(ascending).map(conversion).toArray());
  }
}
