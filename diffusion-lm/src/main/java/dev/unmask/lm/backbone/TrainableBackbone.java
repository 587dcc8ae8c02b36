package dev.unmask.lm.backbone;

import dev.unmask.lm.torch.Precision;

/** A backbone whose weights a trainer changes. Engine thread only. */
public interface TrainableBackbone extends Backbone {
  /**
   * The network of a configuration, whose weights change under it.
   *
   * @param weights float32, owned by the network from now on
   * @throws IllegalArgumentException if the network is told the noise level and its activations are
   *     not to be kept
   */
  static TrainableBackbone of(
      BackboneConfig config, Weights weights, Precision precision, Activations activations) {
    if (!config.conditioning().present()) {
      return Transformer.forTraining(config, weights, precision, activations);
    }
    if (activations != Activations.KEPT) {
      throw new IllegalArgumentException(
          "a network that is told the noise level keeps its activations");
    }
    return DiffusionTransformer.forTraining(config, weights, precision);
  }

  /** As the other, with its activations kept. */
  static TrainableBackbone of(BackboneConfig config, Weights weights, Precision precision) {
    return of(config, weights, precision, Activations.KEPT);
  }

  /** The float32 weights; still owned by the network. */
  Weights weights();

  /** The loss of a batch, its gradients added to those of {@link #weights()}. */
  Loss differentiate(ScoredBatch batch);

  /** The loss of a batch under other weights of the same shape, without gradients. */
  Loss evaluate(ScoredBatch batch, Weights other);

  /** The loss of a batch, without gradients. */
  default Loss evaluate(ScoredBatch batch) {
    return evaluate(batch, weights());
  }

  /** Sets one row of the embedding. */
  void replaceEmbedding(int id, float[] values);
}
