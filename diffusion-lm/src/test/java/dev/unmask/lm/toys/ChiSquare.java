package dev.unmask.lm.toys;

/** Pearson's test whether counts come from a distribution. */
public final class ChiSquare {
  private ChiSquare() {}

  /**
   * Probability of counts at least as far from what is expected.
   *
   * @param counts draws of each outcome
   * @param probabilities of each outcome, summing to 1; outcomes of probability 0 must have none
   */
  public static double pValue(long[] counts, double[] probabilities) {
    long draws = 0;
    for (long count : counts) {
      draws += count;
    }
    double statistic = 0;
    int freedom = -1;
    for (int i = 0; i < counts.length; i++) {
      double expected = draws * probabilities[i];
      if (expected == 0) {
        if (counts[i] > 0) {
          return 0;
        }
        continue;
      }
      statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
      freedom++;
    }
    return 1 - lowerGamma(freedom / 2.0, statistic / 2);
  }

  /** Regularised lower incomplete gamma function by its series. */
  private static double lowerGamma(double a, double x) {
    if (x <= 0) {
      return 0;
    }
    double term = Math.exp(a * Math.log(x) - x - logGamma(a + 1));
    double sum = term;
    for (int n = 1; n < 10_000 && term > sum * 1e-16; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.min(1, sum);
  }

  /** Stirling's series above 7, brought there by recurrence. */
  private static double logGamma(double z) {
    double x = z;
    double shift = 0;
    while (x < 7) {
      shift -= Math.log(x);
      x++;
    }
    double inverse = 1 / (x * x);
    double tail = (1.0 / 12 - inverse * (1.0 / 360 - inverse / 1260)) / x;
    return shift + (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + tail;
  }
}
