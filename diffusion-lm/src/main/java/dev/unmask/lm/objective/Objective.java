package dev.unmask.lm.objective;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.random.KeyedRandom;

/**
 * A training loss: what the network is fed and how the cross-entropy of each token counts. All
 * losses are in nats per token.
 */
public interface Objective {

  /**
   * Turns clean sequences into one batch for the network.
   *
   * @param clean token ids {@code [B][L]}, all of one length
   * @param maskId the absorbing token
   * @param random keyed by the run's seed and the optimizer step; the same key gives the same batch
   */
  ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random);

  /** Name in logs and metrics. */
  String label();

  /** How a model that this objective trained decodes. */
  BackboneConfig decoding(BackboneConfig trained);

  /** What validation scores: the bound itself where training draws from a part of it only. */
  default Objective validation() {
    return this;
  }

  /** Whether inputs hold mask tokens, so that their embedding must be set before training. */
  default boolean corrupts() {
    return true;
  }

  /** Whether the loss is the negative log-likelihood itself and not a bound of it. */
  default boolean exact() {
    return false;
  }
}
