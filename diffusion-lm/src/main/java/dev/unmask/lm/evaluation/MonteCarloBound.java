package dev.unmask.lm.evaluation;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.NoCache;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.TokenSampler;
import dev.unmask.lm.random.KeyedRandom;
import java.util.BitSet;

/**
 * Upper bound on the negative log-likelihood under a full-attention model by masking random
 * subsets: L/k times the cross-entropy of k masked tokens, averaged over draws of k and of the
 * subset (LLaDA, arXiv:2502.09992, RADD's k-DCE, arXiv:2406.03736). Unbiased for any number of
 * draws: the draws' k are spread evenly from one random start, shifted by whole numbers.
 */
public final class MonteCarloBound {
  private MonteCarloBound() {}

  /**
   * Bounds {@code tokens[from..]} given {@code tokens[0, from)}.
   *
   * @param draws forward passes, at least 1
   * @param seed same seed, same bound
   * @throws IllegalArgumentException if nothing is scored, the tokens exceed the context, or the
   *     model is not a full-attention model
   */
  public static TextScore score(Generator generator, int[] tokens, int from, int draws, long seed) {
    return score(generator.backbone(), generator.sampler(), tokens, from, draws, seed);
  }

  /** As {@link #score(Generator, int[], int, int, long)} over parts. */
  public static TextScore score(
      Backbone backbone, TokenSampler sampler, int[] tokens, int from, int draws, long seed) {
    BackboneConfig config = backbone.config();
    if (config.layout() != Layout.FULL) {
      throw new IllegalArgumentException(
          "the bound needs a full-attention model, got " + config.layout());
    }
    try (KvCache network = new NoCache(backbone, new AttentionLayout.Full(), 0)) {
      return score(network, config, sampler, tokens, from, new Draws(1, draws), seed);
    }
  }

  /**
   * What is drawn.
   *
   * @param batches each from a random start of its own
   * @param rows forward passes of a batch
   * @param counts how many tokens each of them masks
   */
  public record Draws(int batches, int rows, MaskCounts counts) {
    public Draws {
      if (batches < 1 || rows < 1) {
        throw new IllegalArgumentException("the bound needs one draw at least");
      }
    }

    /** With every count equally likely. */
    public Draws(int batches, int rows) {
      this(batches, rows, MaskCounts.EVEN);
    }
  }

  /**
   * As {@link #score(Generator, int[], int, int, long)} by a network with guidance or without.
   *
   * @param network of a full-attention model over the whole text; still open afterwards
   */
  public static TextScore score(
      KvCache network,
      BackboneConfig config,
      TokenSampler sampler,
      int[] tokens,
      int from,
      Draws draws,
      long seed) {
    ScoredText.check(config, tokens, from);
    MaskedEstimate estimate = new MaskedEstimate(network, config.maskId(), sampler);
    int length = tokens.length - from;
    double[] nats = new double[length];
    for (int batch = 0; batch < draws.batches(); batch++) {
      KeyedRandom random = KeyedRandom.of(seed).split("monte-carlo-bound").split(batch);
      int[] counts = draws.counts().of(length, draws.rows(), 1 + random.nextInt(length, 0));
      for (int row = 0; row < counts.length; row++) {
        BitSet masked = subset(random.split(row), length, counts[row], from);
        double[] drawn = estimate.of(tokens, masked, (double) counts[row] / length);
        for (int i = 0; i < length; i++) {
          nats[i] += drawn[from + i] / draws.batches() / draws.rows();
        }
      }
    }
    return new TextScore(nats, draws.batches() * draws.rows());
  }

  private static BitSet subset(KeyedRandom random, int length, int count, int from) {
    BitSet masked = new BitSet();
    AbsorbingCorruption.maskExactly(masked, from, from + length, count, random);
    return masked;
  }
}
