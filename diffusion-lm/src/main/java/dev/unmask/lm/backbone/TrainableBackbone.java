package dev.unmask.lm.backbone;

import dev.unmask.lm.torch.Precision;

/** A backbone whose weights a trainer changes. Engine thread only. */
public interface TrainableBackbone extends Backbone {
  /**
   * The network of a configuration, whose weights change under it.
   *
   * @param weights float32, owned by the network from now on
   */
  static TrainableBackbone of(BackboneConfig config, Weights weights, Precision precision) {
    return config.conditioning().present()
        ? DiffusionTransformer.forTraining(config, weights, precision)
        : Transformer.forTraining(config, weights, precision);
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
