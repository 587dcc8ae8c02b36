package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.Map;

/**
 * The n most confident positions for the largest n with (n + 1)(1 - confidence of the n-th) &lt;
 * factor: the bound under which greedy parallel decoding equals sequential decoding (Fast-dLLM,
 * arXiv:2505.22618, section 3.3). The paper's rule; the published code also unmasks a last
 * candidate that fails it.
 */
public record Factor(double factor) implements DecodingPolicy {
  public Factor {
    DecodeSettingException.check(factor > 0 && factor <= 1_000, "factor", "in (0, 1000]", factor);
  }

  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    int[] order = Ranking.descending(candidates.confidence(), masked);
    return Ranking.first(count(candidates.confidence(), order), order);
  }

  private int count(double[] confidence, int[] order) {
    int count = 0;
    for (int n = 1; n <= order.length; n++) {
      if ((n + 1) * (1 - confidence[order[n - 1]]) < factor) {
        count = n;
      }
    }
    return count;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("factor", factor);
  }
}
