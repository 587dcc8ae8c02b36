package dev.unmask.lm.toys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;

/** Compares a sampler with the distribution over all V^L sequences that it should have. */
public final class Frequencies {
  private Frequencies() {}

  /**
   * Fails where draws would be as far from the distribution by chance once in a thousand times only
   * (chi-square).
   *
   * @param distribution row-major, last position fastest
   * @param sample tokens {@code [L]}, each below {@code vocabulary}, of a seed from 0 on
   */
  public static void expect(
      double[] distribution, int vocabulary, int draws, IntFunction<int[]> sample) {
    long[] counts = new long[distribution.length];
    for (int seed = 0; seed < draws; seed++) {
      counts[TabularNetwork.number(sample.apply(seed), vocabulary)]++;
    }
    assertThat(ChiSquare.pValue(counts, distribution)).as("p-value").isGreaterThan(1e-3);
  }

  /** Total variation distance: half the sum of absolute differences. */
  public static double distance(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs(one[i] - other[i]);
    }
    return sum / 2;
  }
}
