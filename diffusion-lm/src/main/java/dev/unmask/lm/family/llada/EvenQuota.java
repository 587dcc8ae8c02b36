package dev.unmask.lm.family.llada;

import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.EvenSplit;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;

/**
 * Shares the masked positions of a block out among a number of passes, the larger shares first; a
 * pass unmasks its share and masks the other drawn tokens again (LLaDA, arXiv:2502.09992).
 *
 * @param steps passes that a block is shared out among
 * @param remasking which drawn tokens are masked again
 */
public record EvenQuota(int steps, Remasking remasking) implements DecodingPolicy {

  /** Which of the drawn tokens of a pass are masked again. */
  public enum Remasking {
    /** The least confident. */
    LOW_CONFIDENCE,
    /** Any, at random. */
    RANDOM
  }

  public EvenQuota {
    DecodeSettingException.check(steps >= 1, "steps", "at least 1", steps);
  }

  /** With low-confidence remasking. */
  public EvenQuota(int steps) {
    this(steps, Remasking.LOW_CONFIDENCE);
  }

  /** How many of {@code masked} positions each step unmasks; they sum to {@code masked}. */
  public int[] shares(int masked) {
    return EvenSplit.shares(masked, steps);
  }

  /** What is left, spread evenly over the passes left; behind the last one all of it. */
  @Override
  public EvenQuota atStep(int step, int blockLength) {
    return new EvenQuota(Math.max(1, steps - step), remasking);
  }

  /** The share of a block's first pass. */
  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    int share = Math.ceilDiv(masked.cardinality(), steps);
    return new FixedTokensPerStep(Math.max(1, share)).select(candidates, masked);
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("steps_per_block", steps, "algorithm", remasking.name().toLowerCase(Locale.ROOT));
  }
}
