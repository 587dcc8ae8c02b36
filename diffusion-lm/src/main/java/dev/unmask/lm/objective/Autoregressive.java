package dev.unmask.lm.objective;

import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;

/**
 * Next-token cross-entropy under causal attention: position i predicts token i + 1. The mean over
 * the B (L - 1) predicted tokens, an exact likelihood.
 */
public record Autoregressive() implements Objective {
  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    int length = Sequences.length(clean);
    if (length < 2) {
      throw new IllegalArgumentException("next-token prediction needs two tokens at least");
    }
    int predicted = length - 1;
    int[] rows = new int[clean.length * predicted];
    int[] targets = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int position = i % predicted;
      rows[i] = i / predicted * length + position;
      targets[i] = clean[i / predicted][position + 1];
    }
    float[] weights = new float[rows.length];
    Arrays.fill(weights, 1f / rows.length);
    return new ScoredBatch(
        clean.length,
        Sequences.flatten(clean),
        Sequences.positions(length),
        new Causal(),
        rows,
        targets,
        weights);
  }

  @Override
  public String label() {
    return "autoregressive";
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(BackboneConfig.Layout.CAUSAL, 0);
  }

  @Override
  public boolean corrupts() {
    return false;
  }

  @Override
  public boolean exact() {
    return true;
  }
}
