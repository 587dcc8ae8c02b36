package dev.unmask.lm.backbone;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig.Activation;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.BackboneConfig.Norm;
import dev.unmask.lm.backbone.Vocabulary.MaskColumn;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** {@code config.json} of the suite's own models; keys as in Llama checkpoints where those fit. */
public final class BackboneConfigJson {
  private static final Gson GSON = new Gson();
  private static final List<TensorNames> KNOWN =
      List.of(TensorNames.LLAMA, TensorNames.RADD, TensorNames.DIT);

  private BackboneConfigJson() {}

  /** Whether a {@code config.json} is in this form and not in that of a published checkpoint. */
  public static boolean isOwn(JsonObject json) {
    return json.has("attention_layout");
  }

  /**
   * The shape in a {@code config.json} in this form, otherwise as a family's checkpoints say it.
   */
  public static BackboneConfig readOr(
      JsonObject json, Function<JsonObject, BackboneConfig> published) {
    return isOwn(json) ? read(json) : published.apply(json);
  }

  public static JsonObject write(BackboneConfig config) {
    JsonObject json = new JsonObject();
    json.addProperty("model_type", config.names().format());
    if (!KNOWN.contains(config.names())) {
      json.add("tensor_names", GSON.toJsonTree(config.names()));
    }
    json.addProperty("vocab_size", config.vocabularySize());
    json.addProperty("mask_token_id", config.maskId());
    json.addProperty("mask_column", name(config.vocabulary().maskColumn()));
    json.addProperty("num_hidden_layers", config.layers());
    json.addProperty("hidden_size", config.width());
    writeAttention(json, config.attention());
    json.addProperty("intermediate_size", config.feedForward());
    json.addProperty("max_position_embeddings", config.contextLength());
    json.addProperty("norm", name(config.norm()));
    json.addProperty("activation", name(config.activation()));
    json.addProperty("rope_theta", config.rotary().base());
    json.addProperty("rope_table_bfloat16", config.rotary().tableInBfloat16());
    RotaryJson.writeScaling(json, config.rotary().scaling());
    json.addProperty("norm_eps", config.normEpsilon());
    json.addProperty("tie_word_embeddings", config.tiedEmbeddings());
    json.addProperty("block_size", config.blockSize());
    json.addProperty("attention_layout", name(config.layout()));
    json.addProperty("prediction_alignment", name(config.alignment()));
    if (config.conditioning().present()) {
      json.addProperty("cond_dim", config.conditioning().width());
      json.addProperty("time_conditioning", config.conditioning().active());
    }
    return json;
  }

  private static void writeAttention(JsonObject json, AttentionShape attention) {
    json.addProperty("num_attention_heads", attention.heads());
    json.addProperty("num_key_value_heads", attention.keyValueHeads());
    json.addProperty("head_dim", attention.headWidth());
    json.addProperty("query_key_norm", attention.queryKeyNorm());
    json.addProperty("query_key_value_bias", attention.inputBias());
    json.addProperty("attention_output_bias", attention.outputBias());
  }

  /**
   * Keys that came after the first release may be missing and then mean what a model was before
   * them.
   *
   * @throws IllegalArgumentException naming the field that is missing or of the wrong type
   */
  public static BackboneConfig read(JsonObject json) {
    return new BackboneConfig(
        names(json),
        vocabulary(json),
        integer(json, "num_hidden_layers"),
        integer(json, "hidden_size"),
        attention(json),
        integer(json, "intermediate_size"),
        integer(json, "max_position_embeddings"),
        constant(Norm.class, json, "norm"),
        number(json, "norm_eps"),
        constant(Activation.class, json, "activation"),
        new RotaryPositions(
            number(json, "rope_theta"),
            RotaryJson.scaling(json),
            json.has("rope_table_bfloat16") && flag(json, "rope_table_bfloat16")),
        flag(json, "tie_word_embeddings"),
        new Decoding(
            constant(Layout.class, json, "attention_layout"),
            integer(json, "block_size"),
            json.has("prediction_alignment")
                ? constant(Alignment.class, json, "prediction_alignment")
                : Alignment.SAME_POSITION),
        conditioning(json));
  }

  private static TensorNames names(JsonObject json) {
    String format = field(json, "model_type").getAsString();
    if (json.has("tensor_names")) {
      return GSON.fromJson(json.get("tensor_names"), TensorNames.class);
    }
    return KNOWN.stream()
        .filter(known -> known.format().equals(format))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("config.json: model_type was " + format));
  }

  private static Vocabulary vocabulary(JsonObject json) {
    int size = integer(json, "vocab_size");
    int maskId = integer(json, "mask_token_id");
    return json.has("mask_column")
        ? new Vocabulary(size, maskId, constant(MaskColumn.class, json, "mask_column"))
        : Vocabulary.of(size, maskId);
  }

  private static AttentionShape attention(JsonObject json) {
    int heads = integer(json, "num_attention_heads");
    int width = integer(json, "hidden_size");
    return new AttentionShape(
        heads,
        integer(json, "num_key_value_heads"),
        json.has("head_dim")
            ? integer(json, "head_dim")
            : AttentionShape.multiHead(width, heads).headWidth(),
        flag(json, "query_key_norm"),
        json.has("query_key_value_bias") && flag(json, "query_key_value_bias"),
        json.has("attention_output_bias") && flag(json, "attention_output_bias"));
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
