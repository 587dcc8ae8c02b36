package dev.unmask.lm.family.bd3lm;

import dev.unmask.lm.corruption.NoiseSchedule;

/**
 * How much of a block is masked at time t in (0, 1], and how a masked token's cross-entropy counts
 * there: the slope of the mask probability over the probability itself (BD3-LM, arXiv:2503.09573).
 */
public sealed interface BlockNoise {
  /** Probability t, weight 1 / t. */
  record Linear() implements BlockNoise {
    @Override
    public double maskProbability(double t) {
      return t;
    }

    @Override
    public double weight(double t) {
      return 1 / t;
    }
  }

  /** Slow at first: probability 1 - (1 - epsilon) cos(t pi / 2). */
  record Cosine(double epsilon) implements BlockNoise {
    /** With the published constant, 0.001. */
    public Cosine() {
      this(1e-3);
    }

    /** By the half angle, which keeps its digits near 0. */
    @Override
    public double maskProbability(double t) {
      double half = Math.sin(t * Math.PI / 4);
      return epsilon + (1 - epsilon) * 2 * half * half;
    }

    /** The published weight has epsilon in the denominator a second time. */
    @Override
    public double weight(double t) {
      double slope = (1 - epsilon) * Math.sin(t * Math.PI / 2) * Math.PI / 2;
      return slope / (maskProbability(t) + epsilon);
    }
  }

  /**
   * Probability t to the power of {@code exponent}, {@code epsilon} at least: 2 for the square
   * schedule, 1/2 for the square root.
   */
  record Power(double exponent, double epsilon) implements BlockNoise {
    /** With the published constant, 0.001. */
    public Power(double exponent) {
      this(exponent, 1e-3);
    }

    public Power {
      if (!(exponent > 0)) {
        throw new IllegalArgumentException("exponent must be positive, was " + exponent);
      }
    }

    @Override
    public double maskProbability(double t) {
      return Math.max(Math.pow(t, exponent), epsilon);
    }

    @Override
    public double weight(double t) {
      return exponent * Math.pow(t, exponent - 1) / maskProbability(t);
    }
  }

  /** Fast at first: probability log2(1 + t). */
  record Logarithmic() implements BlockNoise {
    @Override
    public double maskProbability(double t) {
      return Math.log1p(t) / Math.log(2);
    }

    @Override
    public double weight(double t) {
      return 1 / ((1 + t) * Math.log1p(t));
    }
  }

  /** A schedule of sequence diffusion, for a model that goes on from one trained by it (MDLM). */
  record OfSchedule(NoiseSchedule schedule) implements BlockNoise {
    @Override
    public double maskProbability(double t) {
      return schedule.maskProbability(t);
    }

    @Override
    public double weight(double t) {
      return schedule.lossWeight(t);
    }
  }

  /** Probability that a token is masked at time {@code t}. */
  double maskProbability(double t);

  /** Factor of a masked token's cross-entropy in the bound when t is uniform. */
  double weight(double t);
}
