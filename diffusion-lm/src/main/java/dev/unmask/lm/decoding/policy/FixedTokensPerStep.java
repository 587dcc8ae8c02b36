package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.Map;

/** The most confident positions, the same number at every denoising step (arXiv:2502.09992). */
public record FixedTokensPerStep(int tokens) implements EvenSplit.Rule {
  public FixedTokensPerStep {
    DecodeSettingException.check(tokens >= 1, "tokensPerStep", "at least 1", tokens);
  }

  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    return Ranking.first(tokens, Ranking.descending(candidates.confidence(), masked));
  }

  @Override
  public FixedTokensPerStep withTokens(int newTokens) {
    return new FixedTokensPerStep(newTokens);
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("tokens_per_step", tokens);
  }
}
