package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.Map;

/**
 * A window of positions that begins at the first masked one; those of them that are still masked
 * are unmasked (SDAR's sequential strategy, arXiv:2510.06303).
 */
public record LeftToRight(int tokens) implements EvenSplit.Rule {
  public LeftToRight {
    DecodeSettingException.check(tokens >= 1, "tokensPerStep", "at least 1", tokens);
  }

  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    if (masked.isEmpty()) {
      throw new IllegalArgumentException("no position is masked");
    }
    int first = masked.nextSetBit(0);
    BitSet window = new BitSet();
    window.set(first, first + tokens);
    window.and(masked);
    return window;
  }

  @Override
  public LeftToRight withTokens(int newTokens) {
    return new LeftToRight(newTokens);
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("tokens_per_step", tokens);
  }
}
