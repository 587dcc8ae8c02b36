package dev.unmask.lm.evaluation;

import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.decoding.TokenSampler;
import java.util.BitSet;

/**
 * One draw of a Monte Carlo bound, a forward pass.
 *
 * @param network of a full-attention model over a whole canvas, with guidance or without
 */
record MaskedEstimate(KvCache network, int maskId, TokenSampler sampler) {

  /**
   * @param masked positions masked with {@code probability} each, or that share of the positions
   *     that are scored
   * @return cross-entropy in nats over probability at masked positions, 0 elsewhere, {@code [L]}
   */
  double[] of(int[] tokens, BitSet masked, double probability) {
    double[] estimate = new double[tokens.length];
    int[] rows = masked.stream().toArray();
    if (rows.length == 0) {
      return estimate;
    }
    int[] targets = masked.stream().map(position -> tokens[position]).toArray();
    int[] canvas = AbsorbingCorruption.apply(tokens, masked, maskId);
    try (ForwardPass pass = network.denoise(canvas, new Block(0, canvas.length), rows)) {
      double[] nats = sampler.nats(pass.logits(), targets);
      for (int i = 0; i < rows.length; i++) {
        estimate[rows[i]] = nats[i] / probability;
      }
    }
    return estimate;
  }
}
