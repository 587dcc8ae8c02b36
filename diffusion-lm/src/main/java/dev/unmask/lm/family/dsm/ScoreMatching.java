package dev.unmask.lm.family.dsm;

/**
 * Denoising score matching (Vincent 2011; arXiv:1907.05600): the score of x_t = alpha x_0 + sigma e
 * given x_0 is -e / sigma, and a network that regresses on it finds the score of x_t itself. Its
 * least value is not zero: what x_t does not tell about x_0 remains.
 */
public final class ScoreMatching {
  private ScoreMatching() {}

  /** How the squared error of a time is weighted. */
  public enum Weight {
    /** sigma squared: the network's error in the noise, alike at all times. */
    NOISE,
    /** g squared: an upper bound of the negative log-likelihood (arXiv:2101.09258). */
    LIKELIHOOD
  }

  /** Weight at a time. */
  public static double weight(GaussianProcess process, Weight weight, double t) {
    return switch (weight) {
      case NOISE -> process.sigma(t) * process.sigma(t);
      case LIKELIHOOD -> process.diffusion(t);
    };
  }

  /** Squared distance of a score from that of the noise, not weighted, summed over coordinates. */
  public static double error(double[] score, double[] noise, double sigma) {
    double sum = 0;
    for (int i = 0; i < score.length; i++) {
      double difference = score[i] + noise[i] / sigma;
      sum += difference * difference;
    }
    return sum;
  }

  /**
   * The least error per coordinate for Gaussian data of variance {@code variance}: what no network
   * goes below.
   */
  public static double leastError(double variance, double alpha, double sigma) {
    double noise = sigma * sigma;
    return 1 / noise - 1 / (alpha * alpha * variance + noise);
  }
}
