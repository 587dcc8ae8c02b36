package dev.unmask.lm.evaluation;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.corruption.TimeSampling;
import dev.unmask.lm.decoding.TokenSampler;
import dev.unmask.lm.random.KeyedRandom;
import java.util.BitSet;

/**
 * Upper bound on the negative log-likelihood of an answer by masking each of its tokens with
 * probability p and weighting their cross-entropies by 1 / p, p spread evenly over (0, 1) from one
 * random start a batch (SMDM, arXiv:2410.18514). Unbiased; of more variance than {@link
 * MonteCarloBound}, where the number of masks is fixed.
 */
public final class IndependentMaskBound {
  private final KvCache network;
  private final BackboneConfig config;
  private final TokenSampler sampler;

  /**
   * @param network of a full-attention model, with guidance or without; still open afterwards
   */
  public IndependentMaskBound(KvCache network, BackboneConfig config, TokenSampler sampler) {
    this.network = network;
    this.config = config;
    this.sampler = sampler;
  }

  /**
   * Bounds {@code tokens[from..]} given {@code tokens[0, from)}.
   *
   * @param batches each with a random start of its own
   * @param rows forward passes of a batch
   * @throws IllegalArgumentException if nothing is scored or the tokens exceed the context
   */
  public TextScore score(int[] tokens, int from, int batches, int rows, long seed) {
    ScoredText.check(config, tokens, from);
    if (batches < 1 || rows < 1) {
      throw new IllegalArgumentException("needs one batch and one row at least");
    }
    KeyedRandom random = KeyedRandom.of(seed).split("independent-mask-bound");
    double[] nats = new double[tokens.length - from];
    for (int batch = 0; batch < batches; batch++) {
      KeyedRandom drawn = random.split(batch);
      double[] probabilities = TimeSampling.SHIFTED.draw(rows, 0, 1, drawn.split("probability"));
      for (int row = 0; row < rows; row++) {
        BitSet masked = new BitSet();
        AbsorbingCorruption.mask(
            masked, from, tokens.length, probabilities[row], drawn.split("mask").split(row));
        add(nats, from, estimate(tokens, masked, probabilities[row]), (double) batches * rows);
      }
    }
    return new TextScore(nats, batches * rows);
  }

  /**
   * One draw's estimate, a forward pass.
   *
   * @param masked positions masked with {@code probability} each
   * @return cross-entropy over probability at masked positions, 0 elsewhere, {@code [L]}
   */
  double[] estimate(int[] tokens, BitSet masked, double probability) {
    return new MaskedEstimate(network, config.maskId(), sampler).of(tokens, masked, probability);
  }

  private static void add(double[] nats, int from, double[] estimate, double draws) {
    for (int i = 0; i < nats.length; i++) {
      nats[i] += estimate[from + i] / draws;
    }
  }
}
