package dev.unmask.lm.family;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;
import java.util.Optional;

/**
 * A kind of model: the checkpoints that it recognises, and how those are opened and decoded.
 * Without state.
 */
public interface ModelFamily {
  /** Name in documents, job specs and reports, such as {@code llada}. */
  String name();

  /** Whether a {@code config.json} that names no family is that of a model of this one. */
  boolean recognises(JsonObject config);

  /**
   * Opens a model for decoding: a published checkpoint, or one that the trainer wrote for this
   * family ({@link dev.unmask.lm.backbone.BackboneConfigJson#isOwn}).
   *
   * @throws IllegalArgumentException if the parts of the directory do not fit together, naming
   *     which
   * @throws dev.unmask.lm.checkpoint.SafetensorsException if the weights are damaged
   */
  DiffusionModel open(ModelDirectory directory, PrecisionChoice precision);

  /**
   * The shape of a model of this family, for training on from it; empty if its network is not one
   * of this library's transformers.
   */
  default Optional<BackboneConfig> network(JsonObject config) {
    return Optional.empty();
  }

  /** The ways to train models of this family. */
  default List<TrainingMethod> methods() {
    return List.of();
  }
}
