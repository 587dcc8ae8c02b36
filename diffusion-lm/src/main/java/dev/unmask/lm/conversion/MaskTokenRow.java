package dev.unmask.lm.conversion;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.TrainableBackbone;

/**
 * Gives the mask token an embedding when an autoregressive model becomes a diffusion model. Next-
 * token training never shows that token, so its row is noise; the mean of all others says "some
 * token" and starts the new phase from a sensible place (SDAR, arXiv:2510.06303, reuses a spare
 * token the same way).
 */
public final class MaskTokenRow {
  private MaskTokenRow() {}

  /** Replaces the mask token's row of the embedding by the mean of the other rows. */
  public static void initialise(TrainableBackbone network) {
    BackboneConfig config = network.config();
    float[] embedding = network.weights().present().getFirst().toFloatArray();
    int width = config.width();
    double[] mean = new double[width];
    for (int row = 0; row < config.vocabularySize(); row++) {
      for (int i = 0; row != config.maskId() && i < width; i++) {
        mean[i] += embedding[row * width + i] / (config.vocabularySize() - 1.0);
      }
    }
    float[] values = new float[width];
    for (int i = 0; i < width; i++) {
      values[i] = (float) mean[i];
    }
    network.replaceEmbedding(config.maskId(), values);
  }
}
