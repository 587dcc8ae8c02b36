package dev.unmask.lm.objective;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Map;

/**
 * An objective that follows what the network has learned: now and then it scores some rows and
 * chooses by them how it draws from then on. Without state: what was found is kept by the trainer,
 * in its checkpoints too.
 */
public interface AdaptiveObjective extends Objective {
  /** Scores a batch without learning from it. */
  @FunctionalInterface
  interface Scorer {
    /** Cross-entropy of every scored row, not weighted, in nats. */
    float[] nats(ScoredBatch batch);
  }

  /** Optimizer steps between two searches; none is made before the first of a phase. */
  int interval();

  /** Rows that a search scores. */
  int rows();

  /**
   * Searches.
   *
   * @param clean token ids {@code [rows()][L]}
   * @param batchSize rows that the scorer takes at once
   * @return what was found, by names for metrics
   */
  Map<String, Double> search(
      int[][] clean, int batchSize, int maskId, Scorer scorer, KeyedRandom random);

  /** This objective as it draws after a search. */
  Objective adapted(Map<String, Double> found);
}
