package dev.unmask.lm.trainer;

import java.util.List;

/**
 * Cross-entropies of masked tokens by mask ratio: the share of masked ones among the tokens that
 * are denoised together, which are a sequence under full attention and a block otherwise.
 *
 * @param tokens masked tokens of each bin; bin i holds ratios in {@code [i / 10, (i + 1) / 10)},
 *     the last one 1 too
 * @param nats sum of their cross-entropies, not weighted: divided by {@code tokens} it is nats per
 *     masked token
 */
public record LossByMaskRatio(List<Long> tokens, List<Double> nats) {
  /** Bins of equal width over [0, 1]. */
  public static final int BINS = 10;

  public LossByMaskRatio {
    tokens = List.copyOf(tokens);
    nats = List.copyOf(nats);
    if (tokens.size() != BINS || nats.size() != BINS) {
      throw new IllegalArgumentException(
          "needs "
              + BINS
              + " bins, got "
              + tokens.size()
              + " of tokens and "
              + nats.size()
              + " of nats");
    }
  }
}
