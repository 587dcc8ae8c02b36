package dev.unmask.lm.family.dsm;

/**
 * A forward process that adds Gaussian noise: x_t = alpha(t) x_0 + sigma(t) e, e standard normal,
 * as time goes from 0 to 1; the solution of dx = f(t) x dt + g(t) dw (Song et al.,
 * arXiv:2011.13456).
 */
public sealed interface GaussianProcess {

  /** Data stays as it is, noise grows geometrically: the variance-exploding process. */
  record VarianceExploding(double least, double most) implements GaussianProcess {
    public VarianceExploding {
      if (!(least > 0 && least < most)) {
        throw new IllegalArgumentException(
            "needs 0 < least < most noise, was " + least + " and " + most);
      }
    }

    @Override
    public double alpha(double t) {
      return 1;
    }

    @Override
    public double sigma(double t) {
      return least * Math.pow(most / least, t);
    }

    @Override
    public double drift(double t) {
      return 0;
    }

    @Override
    public double diffusion(double t) {
      return 2 * sigma(t) * sigma(t) * Math.log(most / least);
    }

    @Override
    public double priorDeviation() {
      return most;
    }
  }

  /**
   * Data shrinks as noise grows, so that unit variance stays unit variance; the rate beta grows
   * linearly.
   */
  record VariancePreserving(double first, double last) implements GaussianProcess {
    /** The published constants, 0.1 and 20. */
    public VariancePreserving() {
      this(0.1, 20);
    }

    public VariancePreserving {
      if (!(first > 0 && first <= last)) {
        throw new IllegalArgumentException(
            "needs 0 < first <= last rate, was " + first + " and " + last);
      }
    }

    @Override
    public double alpha(double t) {
      return Math.exp(-integral(t) / 2);
    }

    @Override
    public double sigma(double t) {
      return Math.sqrt(-Math.expm1(-integral(t)));
    }

    /** Of beta, from 0 to t. */
    private double integral(double t) {
      return t * first + t * t * (last - first) / 2;
    }

    @Override
    public double drift(double t) {
      return -diffusion(t) / 2;
    }

    @Override
    public double diffusion(double t) {
      return first + t * (last - first);
    }

    @Override
    public double priorDeviation() {
      return 1;
    }
  }

  /** What is left of the data. */
  double alpha(double t);

  /** Deviation of the noise. */
  double sigma(double t);

  /** f(t): relative growth of x. */
  double drift(double t);

  /** g(t) squared, which also weighs the loss towards likelihood. */
  double diffusion(double t);

  /** Deviation of x at time 1, data of unit variance included or negligible. */
  double priorDeviation();

  /** x_t of a clean point and its noise. */
  default double[] noised(double[] clean, double[] noise, double t) {
    double alpha = alpha(t);
    double sigma = sigma(t);
    double[] x = new double[clean.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = alpha * clean[i] + sigma * noise[i];
    }
    return x;
  }

  /** Expected clean point given x_t, from the score there (Tweedie's formula). */
  default double[] cleanMean(double[] x, double[] score, double t) {
    double alpha = alpha(t);
    double variance = sigma(t) * sigma(t);
    double[] clean = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      clean[i] = (x[i] + variance * score[i]) / alpha;
    }
    return clean;
  }

  /** The score that belongs to an expected clean point: {@link #cleanMean} the other way. */
  default double[] score(double[] x, double[] cleanMean, double t) {
    double alpha = alpha(t);
    double variance = sigma(t) * sigma(t);
    double[] score = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      score[i] = (alpha * cleanMean[i] - x[i]) / variance;
    }
    return score;
  }
}
