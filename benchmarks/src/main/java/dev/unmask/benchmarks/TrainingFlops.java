package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;

/**
 * Operations that one optimizer step needs, two for a multiplication with addition: the products of
 * the forward pass, twice as many for the backward pass.
 *
 * <p>Counted is what the method asks for, not what an implementation spends: attention only between
 * tokens that see each other; of the last layer, output projection and feed-forward network only
 * for tokens that are scored, and the vocabulary for these alone. Not counted are the look-up of
 * embeddings, norms, rotary positions, softmax, the casting of weights and the optimizer, so a
 * share of the matrix rate charges them to the implementation.
 */
final class TrainingFlops {

  private static final double PER_PRODUCT = 2;
  private static final double FORWARD_AND_BACKWARD = 3;

  private TrainingFlops() {}

  /** One causal sequence a row, filling the context; every token but the last predicts the next. */
  static double autoregressive(BackboneConfig config, int sequences) {
    double length = config.contextLength();
    double pairs = length * (length + 1) / 2;
    return FORWARD_AND_BACKWARD * sequences * forward(config, length, length - 1, pairs, pairs);
  }

  /**
   * One sequence a row, filling the context, as noisy and as clean tokens: 2 L go through every
   * layer. A noisy block sees itself and the clean blocks before it, a clean block itself and those
   * before it: L (L + block size) / 2 pairs each. Nobody reads the clean half's output of the last
   * layer. Of a block, (block size + 1) / 2 tokens are masked on average, which alone are scored.
   */
  static double blockDiffusion(BackboneConfig config, int sequences) {
    double length = config.contextLength();
    double blockSize = config.blockSize();
    double pairs = length * (length + blockSize) / 2;
    double scored = length * (blockSize + 1) / (2 * blockSize);
    return FORWARD_AND_BACKWARD * sequences * forward(config, 2 * length, scored, 2 * pairs, pairs);
  }

  private static double forward(
      BackboneConfig config, double tokens, double scored, double pairs, double lastPairs) {
    double width = config.width();
    double keyValues = 2.0 * config.keyValueHeads() * config.headWidth();
    double projections = config.activation() == BackboneConfig.Activation.SWIGLU ? 3 : 2;
    double inputs = PER_PRODUCT * width * (width + keyValues);
    double outputs = PER_PRODUCT * width * (width + projections * config.feedForward());
    double perPair = 2 * PER_PRODUCT * width; // scores and weighted values
    double layer = tokens * (inputs + outputs) + pairs * perPair;
    double lastLayer = tokens * inputs + scored * outputs + lastPairs * perPair;
    double vocabulary = scored * PER_PRODUCT * width * (config.vocabularySize() - 1);
    return (config.layers() - 1) * layer + lastLayer + vocabulary;
  }
}
