package dev.unmask.lm.backbone;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * Reads the configuration of published RADD checkpoints ({@code radd-lambda-dce}, {@code
 * radd-t-dce}; arXiv:2406.03736). Their tensors keep their names here.
 */
public final class RaddLoader {
  private static final String TYPE = "ddit_wot";
  private static final double LAYER_NORM_EPSILON = 1e-5;
  private static final double ROTARY_BASE = 10_000;

  private RaddLoader() {}

  /** Whether a {@code config.json} is that of a published RADD checkpoint. */
  public static boolean recognises(JsonObject json) {
    JsonElement model = json.get("model");
    return model != null
        && model.isJsonObject()
        && model.getAsJsonObject().has("type")
        && model.getAsJsonObject().get("type").getAsString().equals(TYPE);
  }

  /**
   * @param json with {@code tokens}, which does not count the mask token, and {@code model}
   */
  public static BackboneConfig config(JsonObject json) {
    JsonObject model = json.getAsJsonObject("model");
    int tokens = BackboneConfigJson.integer(json, "tokens");
    int width = BackboneConfigJson.integer(model, "hidden_size");
    int heads = BackboneConfigJson.integer(model, "n_heads");
    return new BackboneConfig(
        BackboneConfig.RADD,
        tokens + 1,
        tokens,
        BackboneConfigJson.integer(model, "n_blocks"),
        width,
        heads,
        heads,
        4 * width,
        BackboneConfigJson.integer(model, "length"),
        BackboneConfig.Norm.LAYER,
        BackboneConfig.Activation.GELU_TANH,
        ROTARY_BASE,
        LAYER_NORM_EPSILON,
        false,
        false,
        0,
        BackboneConfig.Layout.FULL);
  }
}
