package dev.unmask.lm.backbone;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.RotaryPositions.Interpolated;
import dev.unmask.lm.backbone.RotaryPositions.Llama3;
import dev.unmask.lm.backbone.RotaryPositions.Scaling;
import dev.unmask.lm.backbone.RotaryPositions.Unscaled;

/** {@code rope_theta} and {@code rope_scaling} of Hugging Face configurations. */
final class RotaryJson {
  private static final String KEY = "rope_scaling";

  private RotaryJson() {}

  /**
   * @throws IllegalArgumentException if the scaling is of a type that is not known
   */
  static Scaling scaling(JsonObject json) {
    JsonElement value = json.get(KEY);
    if (value == null || value.isJsonNull()) {
      return new Unscaled();
    }
    if (!value.isJsonObject()) {
      throw new IllegalArgumentException("config.json: rope_scaling must be an object");
    }
    JsonObject scaling = value.getAsJsonObject();
    String type = BackboneConfigJson.field(scaling, typeKey(scaling)).getAsString();
    return switch (type) {
      case "default" -> new Unscaled();
      case "linear" -> new Interpolated(BackboneConfigJson.number(scaling, "factor"));
      case "llama3" ->
          new Llama3(
              BackboneConfigJson.number(scaling, "factor"),
              BackboneConfigJson.number(scaling, "low_freq_factor"),
              BackboneConfigJson.number(scaling, "high_freq_factor"),
              BackboneConfigJson.integer(scaling, "original_max_position_embeddings"));
      default ->
          throw new IllegalArgumentException(
              "config.json: rope_scaling of type "
                  + type
                  + " is not supported; default, linear and llama3 are");
    };
  }

  /** Older configurations say {@code type}. */
  private static String typeKey(JsonObject scaling) {
    return scaling.has("rope_type") ? "rope_type" : "type";
  }

  static void writeScaling(JsonObject json, Scaling scaling) {
    JsonObject written = new JsonObject();
    switch (scaling) {
      case Unscaled unscaled -> {
        return;
      }
      case Interpolated interpolated -> {
        written.addProperty("rope_type", "linear");
        written.addProperty("factor", interpolated.factor());
      }
      case Llama3 llama -> {
        written.addProperty("rope_type", "llama3");
        written.addProperty("factor", llama.factor());
        written.addProperty("low_freq_factor", llama.lowFrequencyFactor());
        written.addProperty("high_freq_factor", llama.highFrequencyFactor());
        written.addProperty("original_max_position_embeddings", llama.originalContext());
      }
    }
    json.add(KEY, written);
  }
}
