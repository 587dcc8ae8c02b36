package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.Map;

/**
 * The positions of least entropy while their entropies sum to less than the bound (the form of
 * SDAR's JetEngine, arXiv:2510.06303).
 */
public record EntropyBound(double nats) implements EvenSplit.Rule {
  public EntropyBound {
    DecodeSettingException.check(nats >= 0, "entropyBound", "at least 0", nats);
  }

  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    int[] order = Ranking.ascending(candidates.entropy(), masked);
    return Ranking.first(count(candidates.entropy(), order), order);
  }

  private int count(double[] entropy, int[] order) {
    int count = 0;
    double sum = 0;
    while (count < order.length && sum + entropy[order[count]] < nats) {
      sum += entropy[order[count++]];
    }
    return count;
  }

  /** This rule itself: the bound alone decides how many. */
  @Override
  public EntropyBound withTokens(int tokens) {
    return this;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("entropy_bound", nats);
  }
}
