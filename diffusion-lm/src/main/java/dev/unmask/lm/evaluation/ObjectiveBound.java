package dev.unmask.lm.evaluation;

import dev.unmask.lm.backbone.TrainableBackbone;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;

/**
 * The bound of the negative log-likelihood that an objective is, estimated for given sequences: how
 * SEDD, MDLM and BD3-LM report perplexity. Each sequence fills batches of its own, so that times
 * spread over a batch spread over the draws of one sequence.
 */
public final class ObjectiveBound {
  private static final int BATCH = 16;

  private ObjectiveBound() {}

  /**
   * @param clean token ids {@code [sequences][L]}
   * @param draws noise levels of each sequence, at least 1
   * @param seed same seed, same bound
   * @return the mean over draws for each sequence, in nats per token; perplexity is exp of their
   *     mean, not the mean of exp
   */
  public static double[] natsPerToken(
      TrainableBackbone network, Objective objective, int[][] clean, int draws, long seed) {
    if (draws < 1) {
      throw new IllegalArgumentException("draws must be positive, was " + draws);
    }
    KeyedRandom random = KeyedRandom.of(seed).split("objective-bound");
    double[] nats = new double[clean.length];
    for (int i = 0; i < clean.length; i++) {
      for (int from = 0; from < draws; from += BATCH) {
        int[][] copies = new int[Math.min(BATCH, draws - from)][];
        Arrays.fill(copies, clean[i]);
        double mean =
            network
                .evaluate(
                    objective.batch(copies, network.config().maskId(), random.split(i).split(from)))
                .value();
        nats[i] += mean * copies.length / draws;
      }
    }
    return nats;
  }
}
