package dev.unmask.lm.corruption;

/**
 * How fast tokens are masked as time goes from 0 (clean) to 1 (all but masked).
 *
 * <p>A token survives to time t with probability exp(-totalNoise(t)).
 */
public sealed interface NoiseSchedule {

  /**
   * Masks with probability (1 - epsilon) t; epsilon keeps the total noise finite at t = 1 (SEDD,
   * RADD, MDLM).
   */
  record LogLinear(double epsilon) implements NoiseSchedule {
    /** The published constant, 0.001. */
    public LogLinear() {
      this(1e-3);
    }

    public LogLinear {
      if (!(epsilon >= 0 && epsilon < 1)) {
        throw new IllegalArgumentException("epsilon must be in [0, 1), was " + epsilon);
      }
    }

    @Override
    public double totalNoise(double t) {
      return -Math.log1p(-(1 - epsilon) * t);
    }

    @Override
    public double rate(double t) {
      return (1 - epsilon) / (1 - (1 - epsilon) * t);
    }
  }

  /** Total noise grows geometrically from {@code minimum} to {@code maximum} (SEDD). */
  record Geometric(double minimum, double maximum) implements NoiseSchedule {
    public Geometric {
      if (!(minimum > 0 && minimum < maximum)) {
        throw new IllegalArgumentException(
            "needs 0 < minimum < maximum, was " + minimum + " and " + maximum);
      }
    }

    @Override
    public double totalNoise(double t) {
      return Math.pow(minimum, 1 - t) * Math.pow(maximum, t);
    }

    @Override
    public double rate(double t) {
      return totalNoise(t) * Math.log(maximum / minimum);
    }
  }

  /**
   * A token survives with probability epsilon + (1 - epsilon) cos(t pi / 2) to the power of {@code
   * exponent} (MDLM, exponents 1 and 2).
   */
  record Cosine(double epsilon, int exponent) implements NoiseSchedule {
    public Cosine {
      if (!(epsilon > 0 && epsilon < 1) || exponent < 1) {
        throw new IllegalArgumentException(
            "needs epsilon in (0, 1) and a positive exponent, was " + epsilon + " and " + exponent);
      }
    }

    @Override
    public double totalNoise(double t) {
      return -Math.log(survival(t));
    }

    @Override
    public double rate(double t) {
      double angle = t * Math.PI / 2;
      double slope = Math.PI / 2 * exponent * Math.sin(angle);
      return (1 - epsilon) * slope * Math.pow(Math.cos(angle), exponent - 1) / survival(t);
    }

    private double survival(double t) {
      return epsilon + (1 - epsilon) * Math.pow(Math.cos(t * Math.PI / 2), exponent);
    }
  }

  /** Integral of the rate from 0 to {@code t}. */
  double totalNoise(double t);

  /** Derivative of the total noise. */
  double rate(double t);

  /** Probability that a token is masked at time {@code t}. */
  default double maskProbability(double t) {
    return -Math.expm1(-totalNoise(t));
  }

  /** rate / (exp(totalNoise) - 1), the factor of a masked token's cross-entropy in the bound. */
  default double lossWeight(double t) {
    return rate(t) / Math.expm1(totalNoise(t));
  }
}
