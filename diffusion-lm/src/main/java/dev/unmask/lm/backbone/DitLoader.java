package dev.unmask.lm.backbone;

import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.torch.Precision;

/**
 * Opens the published checkpoints of networks that are told the noise level: SEDD
 * (arXiv:2310.16834), MDLM (arXiv:2406.07524), BD3-LM (arXiv:2503.09573).
 */
public final class DitLoader {
  private static final String PREFIX = "backbone.";

  private DitLoader() {}

  /**
   * The shape in a {@code config.json} of MDLM or BD3-LM. The mask token is the last row.
   *
   * @return decoding with full attention
   */
  public static BackboneConfig config(JsonObject json) {
    int vocabulary = BackboneConfigJson.integer(json, "vocab_size");
    return BackboneConfig.dit(
        vocabulary,
        vocabulary - 1,
        BackboneConfigJson.integer(json, "n_blocks"),
        BackboneConfigJson.integer(json, "hidden_dim"),
        BackboneConfigJson.integer(json, "n_heads"),
        BackboneConfigJson.integer(json, "model_length"),
        new NoiseConditioning(
            BackboneConfigJson.integer(json, "cond_dim"),
            json.has("time_conditioning") && BackboneConfigJson.flag(json, "time_conditioning")));
  }

  /** The weights of a checkpoint, whether or not their names begin with {@code backbone.}. */
  public static Weights weights(BackboneConfig config, TensorSource file) {
    boolean prefixed = file.tensors().keySet().stream().anyMatch(name -> name.startsWith(PREFIX));
    return Weights.read(config, file, prefixed ? PREFIX : "");
  }

  /** The network of a checkpoint for decoding. */
  public static DiffusionTransformer load(
      BackboneConfig config, ModelDirectory model, Precision precision) {
    try (TensorSource file = model.openTensors()) {
      return DiffusionTransformer.forDecoding(config, weights(config, file), precision);
    }
  }
}
