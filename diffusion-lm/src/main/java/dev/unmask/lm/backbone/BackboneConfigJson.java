package dev.unmask.lm.backbone;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig.Activation;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.BackboneConfig.Norm;
import java.util.Locale;

/** {@code config.json} of the suite's own models; keys as in Llama checkpoints where those fit. */
public final class BackboneConfigJson {
  private BackboneConfigJson() {}

  public static JsonObject write(BackboneConfig config) {
    JsonObject json = new JsonObject();
    json.addProperty("model_type", config.family());
    json.addProperty("vocab_size", config.vocabularySize());
    json.addProperty("mask_token_id", config.maskId());
    json.addProperty("num_hidden_layers", config.layers());
    json.addProperty("hidden_size", config.width());
    json.addProperty("num_attention_heads", config.heads());
    json.addProperty("num_key_value_heads", config.keyValueHeads());
    json.addProperty("intermediate_size", config.feedForward());
    json.addProperty("max_position_embeddings", config.contextLength());
    json.addProperty("norm", name(config.norm()));
    json.addProperty("activation", name(config.activation()));
    json.addProperty("rope_theta", config.ropeBase());
    json.addProperty("norm_eps", config.normEpsilon());
    json.addProperty("tie_word_embeddings", config.tiedEmbeddings());
    json.addProperty("query_key_norm", config.queryKeyNorm());
    json.addProperty("block_size", config.blockSize());
    json.addProperty("attention_layout", name(config.layout()));
    if (config.conditioning().present()) {
      json.addProperty("cond_dim", config.conditioning().width());
      json.addProperty("time_conditioning", config.conditioning().active());
    }
    return json;
  }

  /**
   * @throws IllegalArgumentException naming the field that is missing or of the wrong type
   */
  public static BackboneConfig read(JsonObject json) {
    return new BackboneConfig(
        field(json, "model_type").getAsString(),
        integer(json, "vocab_size"),
        integer(json, "mask_token_id"),
        integer(json, "num_hidden_layers"),
        integer(json, "hidden_size"),
        integer(json, "num_attention_heads"),
        integer(json, "num_key_value_heads"),
        integer(json, "intermediate_size"),
        integer(json, "max_position_embeddings"),
        constant(Norm.class, json, "norm"),
        constant(Activation.class, json, "activation"),
        number(json, "rope_theta"),
        number(json, "norm_eps"),
        flag(json, "tie_word_embeddings"),
        flag(json, "query_key_norm"),
        integer(json, "block_size"),
        constant(Layout.class, json, "attention_layout"),
        conditioning(json));
  }

  private static NoiseConditioning conditioning(JsonObject json) {
    return json.has("cond_dim")
        ? new NoiseConditioning(integer(json, "cond_dim"), flag(json, "time_conditioning"))
        : NoiseConditioning.NONE;
  }

  public static JsonElement field(JsonObject json, String key) {
    JsonElement value = json.get(key);
    if (value == null || !value.isJsonPrimitive()) {
      throw new IllegalArgumentException("config.json: " + key + " is missing");
    }
    return value;
  }

  public static int integer(JsonObject json, String key) {
    double value = number(json, key);
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "config.json: " + key + " must be an integer, was " + value);
    }
    return (int) value;
  }

  public static double number(JsonObject json, String key) {
    try {
      return field(json, key).getAsDouble();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "config.json: " + key + " must be a number, was " + json.get(key), e);
    }
  }

  public static boolean flag(JsonObject json, String key) {
    return field(json, key).getAsBoolean();
  }

  private static <E extends Enum<E>> E constant(Class<E> type, JsonObject json, String key) {
    String value = field(json, key).getAsString();
    for (E constant : type.getEnumConstants()) {
      if (name(constant).equals(value)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("config.json: " + key + " was " + value);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
