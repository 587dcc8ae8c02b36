package dev.unmask.lm.family.llada;

import dev.unmask.lm.decoding.Candidates;
import dev.unmask.lm.decoding.DecodeSettingException;
import java.util.Set;

/**
 * What LLaDA's decoding can vary besides the settings that every model has (arXiv:2502.09992).
 *
 * @param remasking which drawn tokens are masked again
 * @param guidance scale w of unsupervised classifier-free guidance; 0 for none
 * @param lateEnd tokens that are unmasked last
 * @param loop passes of a block
 */
public record LladaDecoding(Remasking remasking, double guidance, LateEnd lateEnd, BlockLoop loop) {

  /** Which of the drawn tokens of a pass are masked again. */
  public enum Remasking {
    /** The least confident. */
    LOW_CONFIDENCE,
    /** Any, at random. */
    RANDOM
  }

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

  public LladaDecoding {
    DecodeSettingException.check(
        guidance >= 0 && guidance <= 100, "guidance", "in [0, 100]", guidance);
  }

  /** Low-confidence remasking without guidance, each block until it is filled. */
  public static LladaDecoding plain() {
    return new LladaDecoding(Remasking.LOW_CONFIDENCE, 0, LateEnd.none(), BlockLoop.untilFilled());
  }

  /** The same in other loops. */
  public LladaDecoding withLoop(BlockLoop other) {
    return new LladaDecoding(remasking, guidance, lateEnd, other);
  }

  /** The same with guidance of another scale. */
  public LladaDecoding withGuidance(double scale) {
    return new LladaDecoding(remasking, scale, lateEnd, loop);
  }

  /** The same with other tokens unmasked last. */
  public LladaDecoding withLateEnd(LateEnd end) {
    return new LladaDecoding(remasking, guidance, end, loop);
  }

  /** The same with another remasking. */
  public LladaDecoding withRemasking(Remasking other) {
    return new LladaDecoding(other, guidance, lateEnd, loop);
  }
}
