package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.Map;

/** The positions whose best token leads its runner-up most, the same number at every step. */
public record TopKMargin(int tokens) implements DecodingPolicy {
  public TopKMargin {
    DecodeSettingException.check(tokens >= 1, "marginTokensPerStep", "at least 1", tokens);
  }

  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    return Ranking.first(tokens, Ranking.descending(candidates.margin(), masked));
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("margin_tokens_per_step", tokens);
  }
}
