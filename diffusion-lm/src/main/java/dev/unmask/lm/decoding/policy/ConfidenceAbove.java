package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.Map;

/**
 * Every position more confident than a threshold; where those are fewer than {@code atLeast}, that
 * many by the fallback instead (SDAR's dynamic strategy, arXiv:2510.06303; with one at least the
 * rule of Fast-dLLM v2, arXiv:2509.26328). The comparison is strict: a threshold of 1 unmasks
 * {@code atLeast} positions a step.
 *
 * @param threshold in [0, 1]
 * @param atLeast positions that a step unmasks at least, as far as so many are masked
 * @param fallback which positions make up for too few confident ones
 */
public record ConfidenceAbove(double threshold, int atLeast, Fallback fallback)
    implements EvenSplit.Rule {

  /** Which positions are taken where too few are confident. */
  public enum Fallback {
    /** The most confident ones. */
    MOST_CONFIDENT,
    /** Those of a window that begins at the first masked position (SDAR's JetEngine, batched). */
    LEFTMOST
  }

  public ConfidenceAbove {
    DecodeSettingException.check(
        threshold >= 0 && threshold <= 1, "threshold", "in [0, 1]", threshold);
    DecodeSettingException.check(atLeast >= 1, "tokensPerStep", "at least 1", atLeast);
  }

  /** One position at least, the most confident. */
  public ConfidenceAbove(double threshold) {
    this(threshold, 1, Fallback.MOST_CONFIDENT);
  }

  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    if (masked.isEmpty()) {
      throw new IllegalArgumentException("no position is masked");
    }
    BitSet confident = new BitSet();
    masked.stream().forEach(at -> confident.set(at, candidates.confidence()[at] > threshold));
    if (confident.cardinality() >= atLeast) {
      return confident;
    }
    DecodingPolicy few =
        switch (fallback) {
          case MOST_CONFIDENT -> new FixedTokensPerStep(atLeast);
          case LEFTMOST -> new LeftToRight(atLeast);
        };
    return few.select(candidates, masked);
  }

  @Override
  public ConfidenceAbove withTokens(int newTokens) {
    return new ConfidenceAbove(threshold, newTokens, fallback);
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("threshold", threshold, "tokens_per_step", atLeast);
  }
}
