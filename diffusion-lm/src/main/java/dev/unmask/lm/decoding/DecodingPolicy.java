package dev.unmask.lm.decoding;

import java.util.BitSet;
import java.util.Comparator;

/**
 * Decides which masked positions of a block are unmasked after one forward pass. Every variant
 * unmasks at least one position a step, so a block of n masked positions takes at most n steps.
 */
public sealed interface DecodingPolicy {
  /** The most confident positions, the same number at every denoising step (arXiv:2502.09992). */
  record FixedTokensPerStep(int tokens) implements DecodingPolicy {
    public FixedTokensPerStep {
      DecodeSettingException.check(tokens >= 1, "tokensPerStep", "at least 1", tokens);
    }
  }

  /** Every position at least this confident (Fast-dLLM, arXiv:2505.22618). */
  record ConfidenceThreshold(double threshold) implements DecodingPolicy {
    public ConfidenceThreshold {
      DecodeSettingException.check(
          threshold > 0 && threshold <= 1, "threshold", "in (0, 1]", threshold);
    }
  }

  /**
   * The n most confident positions for the largest n with (n + 1)(1 - confidence of the n-th) &lt;
   * factor: the bound under which greedy parallel decoding equals sequential decoding (Fast-dLLM,
   * arXiv:2505.22618, section 3.3). The paper's rule; the published code also unmasks a last
   * candidate that fails it.
   */
  record Factor(double factor) implements DecodingPolicy {
    public Factor {
      DecodeSettingException.check(factor > 0 && factor <= 1_000, "factor", "in (0, 1000]", factor);
    }
  }

  /**
   * The positions of least entropy while their entropies sum to less than the bound (the form of
   * SDAR's JetEngine, arXiv:2510.06303).
   */
  record EntropyBound(double nats) implements DecodingPolicy {
    public EntropyBound {
      DecodeSettingException.check(nats >= 0, "entropyBound", "at least 0", nats);
    }
  }

  /** The positions whose best token leads its runner-up most, the same number at every step. */
  record TopKMargin(int tokens) implements DecodingPolicy {
    public TopKMargin {
      DecodeSettingException.check(tokens >= 1, "marginTokensPerStep", "at least 1", tokens);
    }
  }

  /**
   * Chooses positions to unmask.
   *
   * @param candidates what the forward pass proposes for each position of the block
   * @param masked positions still masked; not modified
   * @return a non-empty subset of {@code masked}; ties go to the lowest position
   * @throws IllegalArgumentException if no position is masked
   */
  default BitSet select(Candidates candidates, BitSet masked) {
    if (masked.isEmpty()) {
      throw new IllegalArgumentException("no position is masked");
    }
    return switch (this) {
      case FixedTokensPerStep(int tokens) -> first(tokens, byConfidence(candidates, masked));
      case TopKMargin(int tokens) -> first(tokens, descending(candidates.margin(), masked));
      case ConfidenceThreshold(double threshold) -> {
        int[] order = byConfidence(candidates, masked);
        yield first(countAtLeast(threshold, candidates.confidence(), order), order);
      }
      case Factor(double factor) -> {
        int[] order = byConfidence(candidates, masked);
        yield first(countByFactor(factor, candidates.confidence(), order), order);
      }
      case EntropyBound(double nats) -> {
        int[] order = ascending(candidates.entropy(), masked);
        yield first(countByEntropy(nats, candidates.entropy(), order), order);
      }
    };
  }

  private static int countAtLeast(double threshold, double[] confidence, int[] order) {
    int count = 0;
    while (count < order.length && confidence[order[count]] >= threshold) {
      count++;
    }
    return count;
  }

  private static int countByFactor(double factor, double[] confidence, int[] order) {
    int count = 0;
    for (int n = 1; n <= order.length; n++) {
      if ((n + 1) * (1 - confidence[order[n - 1]]) < factor) {
        count = n;
      }
    }
    return count;
  }

  private static int countByEntropy(double bound, double[] entropy, int[] order) {
    int count = 0;
    double sum = 0;
    while (count < order.length && sum + entropy[order[count]] < bound) {
      sum += entropy[order[count++]];
    }
    return count;
  }

  private static BitSet first(int count, int[] order) {
    BitSet chosen = new BitSet();
    for (int i = 0; i < Math.min(Math.max(1, count), order.length); i++) {
      chosen.set(order[i]);
    }
    return chosen;
  }

  private static int[] byConfidence(Candidates candidates, BitSet masked) {
    return descending(candidates.confidence(), masked);
  }

  private static int[] descending(double[] score, BitSet masked) {
    return ordered(Comparator.comparingDouble(position -> -score[position]), masked);
  }

  private static int[] ascending(double[] score, BitSet masked) {
    return ordered(Comparator.comparingDouble(position -> score[position]), masked);
  }

  /** Stable, so that ties stay in the order of their positions. */
  private static int[] ordered(Comparator<Integer> order, BitSet masked) {
    return masked.stream().boxed().sorted(order).mapToInt(Integer::intValue).toArray();
  }
}
