package dev.unmask.lm.family;

import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.List;

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

  /** The ways to train models of this family. */
  default List<TrainingMethod> methods() {
    return List.of();
  }
}
