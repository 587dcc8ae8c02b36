package dev.unmask.lm.family.llada;

import dev.unmask.lm.decoding.Candidates;
import dev.unmask.lm.decoding.DecodeSettingException;
import dev.unmask.lm.decoding.DecodingPolicy;
import dev.unmask.lm.decoding.TopScores;
import java.util.BitSet;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Shares the masked positions of a block out among a number of passes, the larger shares first; a
 * pass unmasks its share of the most confident ones (LLaDA, arXiv:2502.09992).
 *
 * @param steps passes that a block is shared out among
 */
public record EvenQuota(int steps) implements DecodingPolicy {
  public EvenQuota {
    DecodeSettingException.check(steps >= 1, "steps", "at least 1", steps);
  }

  /** How many of {@code masked} positions each step unmasks; they sum to {@code masked}. */
  public int[] shares(int masked) {
    return IntStream.range(0, steps)
        .map(step -> masked / steps + (step < masked % steps ? 1 : 0))
        .toArray();
  }

  /**
   * The share of one pass of a block, recounted from what is still masked: what is left, spread
   * evenly over the passes left.
   *
   * @param pass of the block, from 0; behind the last step everything is unmasked
   */
  BitSet select(Candidates candidates, int pass) {
    int left = Math.max(1, steps - pass);
    return TopScores.of(candidates.confidence(), (candidates.positions() + left - 1) / left);
  }

  /** The share of a block's first pass, for a caller that does not count passes. */
  @Override
  public BitSet select(Candidates candidates, BitSet masked) {
    if (masked.isEmpty()) {
      throw new IllegalArgumentException("no position is masked");
    }
    double[] confidence = candidates.confidence().clone();
    int count = (masked.cardinality() + steps - 1) / steps;
    for (int at = masked.nextClearBit(0);
        at < confidence.length;
        at = masked.nextClearBit(at + 1)) {
      confidence[at] = Double.NEGATIVE_INFINITY;
    }
    return TopScores.of(confidence, count);
  }

  @Override
  public Map<String, Number> settings() {
    return Map.of("steps", steps);
  }
}
