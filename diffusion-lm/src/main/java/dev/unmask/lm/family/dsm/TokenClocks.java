package dev.unmask.lm.family.dsm;

import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;

/**
 * When the tokens of a sequence are denoised. As the sequence's time goes from 1 to 0, every
 * token's own time goes from 1 to 0 within a window of it; before, the token is noise, after, it is
 * clean. Windows begin at random, so that a token is denoised among others that are known already
 * and others that are not at all, as in masked diffusion, which is the limit of narrow windows.
 * With one window for all, the network learns of its neighbours only when it hardly needs them.
 *
 * <p>Noise schedules that differ between the parts of a point: arXiv:2312.13236; windows in time:
 * arXiv:2402.09470; noise levels that are drawn for each token: arXiv:2407.01392.
 *
 * @param window share of the sequence's time that one token takes, in (0, 1]; at 1 all tokens have
 *     the same time
 */
public record TokenClocks(double window) {
  /** The classic process: one noise level for the whole sequence. */
  public static final TokenClocks ONE = new TokenClocks(1);

  public TokenClocks {
    if (!(window > 0 && window <= 1)) {
      throw new IllegalArgumentException(
          "needs a window in (0, 1] of a sequence's time, was " + window);
    }
  }

  /**
   * The clocks of one sequence: its windows spread evenly, in random order. Each by itself begins
   * anywhere with the same chance.
   *
   * @param random the same key gives the same clocks
   */
  Clocks draw(int length, KeyedRandom random) {
    double[] ends = new double[length];
    int[] order = random.split("order").permutation(length);
    for (int i = 0; i < length; i++) {
      ends[i] = (1 - window) * (order[i] + random.uniform(i)) / length;
    }
    return new Clocks(window, ends);
  }

  /**
   * The clocks of one sequence.
   *
   * @param ends time of the sequence at which a token becomes clean, {@code [L]}
   */
  record Clocks(double window, double[] ends) {

    /**
     * The tokens' own times, {@code [L]}.
     *
     * @param t time of the sequence, in [0, 1]
     * @param first the least time of a token
     */
    double[] at(double t, double first) {
      return Arrays.stream(ends)
          .map(end -> first + (1 - first) * Math.clamp((t - end) / window, 0, 1))
          .toArray();
    }

    /** How fast the tokens' own times go at a time of the sequence, {@code [L]}; 0 outside. */
    double[] speeds(double t, double first) {
      return Arrays.stream(ends)
          .map(end -> t >= end && t <= end + window ? (1 - first) / window : 0)
          .toArray();
    }
  }
}
