package dev.unmask.lm.decoding;

/**
 * Probability that a masked position is revealed during one step of the reverse process (RADD,
 * arXiv:2406.03736). For the log-linear schedule both forms equal dt / t.
 */
public enum RaddRate {
  /** The exact posterior: the share of mask probability that goes between two times. */
  TWEEDIE,
  /** First order in the step: the slope of the mask probability times dt. */
  EULER;

  /** Log-linear mask probability stops short of 1 by this much at time 1. */
  private static final double SCHEDULE_EPSILON = 1e-3;

  /** Sampling ends at this time instead of 0. */
  private static final double LAST_TIME = 1e-5;

  /**
   * Reveal probability of one step under the log-linear schedule m(t) = (1 - 1e-3) t.
   *
   * @param step in [0, steps)
   * @param steps number of steps between time 1 and time 1e-5
   */
  public double reveal(int step, int steps) {
    double dt = (1 - LAST_TIME) / steps;
    double t = 1 - step * dt;
    return switch (this) {
      case TWEEDIE -> (maskProbability(t) - maskProbability(t - dt)) / maskProbability(t);
      case EULER -> dt * (1 - SCHEDULE_EPSILON) / maskProbability(t);
    };
  }

  private static double maskProbability(double t) {
    return (1 - SCHEDULE_EPSILON) * t;
  }
}
