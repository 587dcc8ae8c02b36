package dev.unmask.lm.trainer;

import com.google.gson.JsonObject;
import dev.unmask.lm.objective.Objective;

/**
 * A stretch of training under one objective.
 *
 * @param optimizerSteps its length, at least 1
 * @param facts what {@code config.json} says of a model that ends with this phase, beside its
 *     shape: the family that opens it, and what that family's decoding needs
 */
public record TrainingPhase(Objective objective, int optimizerSteps, JsonObject facts) {
  /** A phase of a model that its shape alone describes. */
  public TrainingPhase(Objective objective, int optimizerSteps) {
    this(objective, optimizerSteps, new JsonObject());
  }

  public TrainingPhase {
    if (optimizerSteps < 1) {
      throw new IllegalArgumentException("optimizerSteps must be positive, was " + optimizerSteps);
    }
  }
}
