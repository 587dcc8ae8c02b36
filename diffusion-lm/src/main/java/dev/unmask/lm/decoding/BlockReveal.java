package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.policy.DecodeSettingException;
import java.util.function.DoubleUnaryOperator;

/** Which masks of a block become tokens in one step back in time (BD3-LM, arXiv:2503.09573). */
public sealed interface BlockReveal {
  /**
   * One mask a step, any of them alike, at the time when the next token of so many would have been
   * revealed. The same distribution as {@link Ancestral} with infinitely many steps, without steps
   * that change nothing.
   */
  record FirstHitting() implements BlockReveal {
    @Override
    public double[] weights(int step, double[] clean, int maskId) {
      return clean.clone();
    }
  }

  /**
   * Every mask by itself, at evenly spaced times from 1 to 0.
   *
   * @param maskProbability of a token at a time
   * @param steps a block takes at most
   * @param grid where the times lie
   */
  record Ancestral(DoubleUnaryOperator maskProbability, int steps, Grid grid)
      implements BlockReveal {
    public Ancestral {
      DecodeSettingException.check(steps >= 1, "steps", "at least 1", steps);
    }

    /** Time of a step, 1 for the first. */
    public double time(int step) {
      return switch (grid) {
        case EVEN -> 1 - (double) step / steps;
        case PUBLISHED -> steps == 1 ? 1 : 1 - (double) step / (steps - 1);
      };
    }

    /** Probability that what is masked before a step is masked after it; 0 for the last step. */
    public double stays(int step) {
      if (step >= steps - 1) {
        return 0;
      }
      double next = Math.max(0, time(step) - 1.0 / steps);
      return maskProbability.applyAsDouble(next) / maskProbability.applyAsDouble(time(step));
    }

    @Override
    public double[] weights(int step, double[] clean, int maskId) {
      double stays = stays(step);
      double[] weights = new double[clean.length];
      for (int token = 0; token < weights.length; token++) {
        weights[token] = clean[token] * (1 - stays);
      }
      weights[maskId] = stays;
      return weights;
    }
  }

  /** Where the times of {@link Ancestral} lie. */
  enum Grid {
    /** Step i goes from 1 - i/n to 1 - (i+1)/n. */
    EVEN,
    /**
     * Step i begins at 1 - i/(n-1), so that steps are shorter than the distance of their times.
     * Only to reproduce samples of the published code.
     */
    PUBLISHED
  }

  /**
   * Weights of the draw of one masked position.
   *
   * @param step of the block, from 0
   * @param clean probabilities of the clean token over all ids, 0 for the mask
   */
  double[] weights(int step, double[] clean, int maskId);
}
