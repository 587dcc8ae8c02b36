package dev.unmask.registry.model;

import org.jspecify.annotations.Nullable;

/**
 * A version that an alias or a stage is about to move to.
 *
 * @param modelUid key of the model in the database
 * @param target an alias, or {@code stage:} and the name of a stage
 * @param champion the version that the target names now; null if none
 */
public record Promotion(
    long modelUid, String target, ModelVersion candidate, @Nullable ModelVersion champion) {

  static String targetOf(Stage stage) {
    return "stage:" + stage.wireName();
  }
}
