package dev.unmask.lm.trainer;

import dev.unmask.lm.objective.Objective;

/**
 * A stretch of training under one objective.
 *
 * @param optimizerSteps its length, at least 1
 */
public record TrainingPhase(Objective objective, int optimizerSteps) {
  public TrainingPhase {
    if (optimizerSteps < 1) {
      throw new IllegalArgumentException("optimizerSteps must be positive, was " + optimizerSteps);
    }
  }
}
