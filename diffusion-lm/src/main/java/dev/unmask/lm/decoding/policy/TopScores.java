package dev.unmask.lm.decoding.policy;

import java.util.Arrays;
import java.util.BitSet;

/** The highest of some scores. */
public final class TopScores {
  private TopScores() {}

  /**
   * @param count how many, in [0, scores.length]
   * @return their indices; ties go to the lowest
   */
  public static BitSet of(double[] scores, int count) {
    BitSet chosen = new BitSet();
    if (count > 0) {
      BitSet all = new BitSet();
      all.set(0, scores.length);
      Arrays.stream(Ranking.descending(scores, all), 0, count).forEach(chosen::set);
    }
    return chosen;
  }
}
