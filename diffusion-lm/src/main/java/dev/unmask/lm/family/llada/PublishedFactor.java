package dev.unmask.lm.family.llada;

import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.Factor;
import java.util.BitSet;
import java.util.Map;

/**
 * {@link Factor} as Fast-dLLM published it: where exactly one position, the least confident, fails
 * the bound, it is unmasked all the same. For comparison with the published code only.
 */
public record PublishedFactor(double factor) implements DecodingPolicy {
  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    BitSet chosen = new Factor(factor).select(candidates, masked);
    return chosen.cardinality() == masked.cardinality() - 1 ? (BitSet) masked.clone() : chosen;
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of("factor", factor);
  }
}
