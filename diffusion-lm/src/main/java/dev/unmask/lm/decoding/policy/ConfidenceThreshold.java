package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.Map;

/** Every position at least this confident (Fast-dLLM, arXiv:2505.22618). */
public record ConfidenceThreshold(double threshold) implements DecodingPolicy {
  public ConfidenceThreshold {
    DecodeSettingException.check(
        threshold > 0 && threshold <= 1, "threshold", "in (0, 1]", threshold);
  }

  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    int[] order = Ranking.descending(candidates.confidence(), masked);
    return Ranking.first(countAtLeast(candidates.confidence(), order), order);
  }

  private int countAtLeast(double[] confidence, int[] order) {
    int count = 0;
    while (count < order.length && confidence[order[count]] >= threshold) {
      count++;
    }
    return count;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("threshold", threshold);
  }
}
