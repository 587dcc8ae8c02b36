package dev.unmask.lm.family.llada;

import dev.unmask.lm.decoding.policy.Candidates;
import java.util.Set;

/**
 * What LLaDA's decoding can vary besides the settings that every model has (arXiv:2502.09992).
 *
 * @param lateEnd tokens that are unmasked last
 * @param loop passes of a block
 */
public record LladaDecoding(LateEnd lateEnd, BlockLoop loop) {
  /**
   * Tokens that count as least confident: an answer then does not end before the rest of its block
   * is written.
   *
   * @param tokens such as the end of text and the end of a turn
   * @param leaveSoftmax whether their probability is also taken out of that of the other tokens, as
   *     in the published code
   */
  public record LateEnd(Set<Integer> tokens, boolean leaveSoftmax) {
    public LateEnd {
      tokens = Set.copyOf(tokens);
    }

    /** None. */
    public static LateEnd none() {
      return new LateEnd(Set.of(), false);
    }

    /**
     * What the published code leaves out: both tokens at temperature 0, the end of a turn alone
     * above it.
     */
    public static LateEnd published(int endOfText, int endOfTurn, double temperature) {
      Set<Integer> tokens = temperature > 0 ? Set.of(endOfTurn) : Set.of(endOfText, endOfTurn);
      return new LateEnd(tokens, true);
    }

    int[] unscored() {
      return leaveSoftmax ? tokens.stream().mapToInt(Integer::intValue).toArray() : new int[0];
    }

    /** Confidences by which positions are ranked. */
    double[] ranked(Candidates candidates) {
      double[] confidence = candidates.confidence().clone();
      for (int i = 0; i < confidence.length; i++) {
        if (tokens.contains(candidates.tokens()[i])) {
          confidence[i] = 0;
        }
      }
      return confidence;
    }
  }

  /** No token later than others, each block until it is filled. */
  public static LladaDecoding plain() {
    return new LladaDecoding(LateEnd.none(), BlockLoop.untilFilled());
  }
}
