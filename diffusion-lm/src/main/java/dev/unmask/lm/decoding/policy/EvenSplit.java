package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Spreads the tokens of a block evenly over a number of denoising steps, the larger shares first: a
 * step unmasks its share by a rule. The shares are those of the whole block, also of one that is
 * partly filled from the start (SDAR, arXiv:2510.06303).
 *
 * @param rule what a step unmasks, its number of tokens set aside
 * @param steps denoising steps a block, at least 1
 */
public record EvenSplit(Rule rule, int steps) implements DecodingPolicy {

  /** A policy told how many tokens to unmask. */
  public interface Rule extends DecodingPolicy {
    /** The same rule for another number of tokens. */
    Rule withTokens(int tokens);
  }

  public EvenSplit {
    DecodeSettingException.check(steps >= 1, "steps", "at least 1", steps);
  }

  /** How many of {@code tokens} each step unmasks; they sum to {@code tokens}. */
  public static int[] shares(int tokens, int steps) {
    return IntStream.range(0, steps)
        .map(step -> tokens / steps + (step < tokens % steps ? 1 : 0))
        .toArray();
  }

  /** The rule with the share of one step, one token at least. */
  @Override
  public DecodingPolicy atStep(int step, int blockLength) {
    int share = step < steps ? shares(blockLength, steps)[step] : 1;
    return rule.withTokens(Math.max(1, share));
  }

  /** As {@link #rule}, for a caller that knows neither step nor block. */
  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    return rule.select(candidates, masked);
  }

  @Override
  public Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(rule.settings());
    settings.remove("tokens_per_step"); // differs from step to step
    settings.put("steps_per_block", steps);
    return settings;
  }
}
