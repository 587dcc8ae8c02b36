package dev.unmask.lm.backbone;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig.Activation;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneConfig.Norm;

/**
 * Reads the {@code config.json} of a transformer in the layout of Llama, Qwen2 or Qwen3, and of
 * what was made from them. A family says what the file leaves to its code.
 *
 * @param queryKeyNorm whether the family normalises queries and keys (Qwen3)
 * @param inputBias whether the query, key and value projections always have biases (Qwen2)
 */
public record HuggingFaceConfig(boolean queryKeyNorm, boolean inputBias) {
  public static final HuggingFaceConfig LLAMA = new HuggingFaceConfig(false, false);
  public static final HuggingFaceConfig QWEN2 = new HuggingFaceConfig(false, true);
  public static final HuggingFaceConfig QWEN3 = new HuggingFaceConfig(true, false);

  /**
   * The shape in a configuration.
   *
   * @throws IllegalArgumentException naming a field that is missing, of the wrong type, or asks for
   *     something that the network does not have
   */
  public BackboneConfig read(JsonObject json, Vocabulary vocabulary, Decoding decoding) {
    requireSupported(json);
    return new BackboneConfig(
        TensorNames.LLAMA,
        vocabulary,
        BackboneConfigJson.integer(json, "num_hidden_layers"),
        BackboneConfigJson.integer(json, "hidden_size"),
        attention(json),
        BackboneConfigJson.integer(json, "intermediate_size"),
        BackboneConfigJson.integer(json, "max_position_embeddings"),
        Norm.RMS,
        BackboneConfigJson.number(json, "rms_norm_eps"),
        Activation.SWIGLU,
        RotaryPositions.of(BackboneConfigJson.number(json, "rope_theta"))
            .scaledBy(RotaryJson.scaling(json)),
        isSet(json, "tie_word_embeddings"),
        decoding,
        NoiseConditioning.NONE);
  }

  private AttentionShape attention(JsonObject json) {
    int heads = BackboneConfigJson.integer(json, "num_attention_heads");
    int width = BackboneConfigJson.integer(json, "hidden_size");
    boolean biased = isSet(json, "attention_bias");
    return new AttentionShape(
        heads,
        integer(json, "num_key_value_heads", heads),
        integer(json, "head_dim", AttentionShape.multiHead(width, heads).headWidth()),
        queryKeyNorm,
        inputBias || biased,
        biased);
  }

  private static void requireSupported(JsonObject json) {
    if (isSet(json, "mlp_bias")) {
      throw new IllegalArgumentException("config.json: mlp_bias is not supported");
    }
    if (isSet(json, "use_sliding_window")) {
      throw new IllegalArgumentException("config.json: use_sliding_window is not supported");
    }
    JsonElement activation = json.get("hidden_act");
    if (activation != null && !activation.getAsString().equals("silu")) {
      throw new IllegalArgumentException("config.json: hidden_act must be silu, was " + activation);
    }
  }

  /** The whole number under a key, or {@code other} if it is missing or null. */
  public static int integer(JsonObject json, String key, int other) {
    JsonElement value = json.get(key);
    return value == null || value.isJsonNull() ? other : BackboneConfigJson.integer(json, key);
  }

  /** Whether a key is there and true. */
  public static boolean isSet(JsonObject json, String key) {
    JsonElement value = json.get(key);
    return value != null && value.isJsonPrimitive() && value.getAsBoolean();
  }

  /** Whether {@code model_type} is this. */
  public static boolean isType(JsonObject json, String type) {
    JsonElement value = json.get("model_type");
    return value != null
        && value.isJsonPrimitive()
        && value.getAsString().equals(type)
        && !json.has("attention_layout");
  }
}
