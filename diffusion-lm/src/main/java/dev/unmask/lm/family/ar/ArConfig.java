package dev.unmask.lm.family.ar;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.HuggingFaceConfig;
import dev.unmask.lm.backbone.Vocabulary;

/** {@code config.json} of Llama, Qwen2 and Qwen3 as they were published. */
public final class ArConfig {
  private ArConfig() {}

  public static boolean recognises(JsonObject json) {
    return HuggingFaceConfig.isType(json, "llama")
        || HuggingFaceConfig.isType(json, "qwen2")
        || HuggingFaceConfig.isType(json, "qwen3");
  }

  public static BackboneConfig read(JsonObject json) {
    Vocabulary vocabulary = Vocabulary.withoutMask(BackboneConfigJson.integer(json, "vocab_size"));
    return layout(json).read(json, vocabulary, Decoding.nextToken());
  }

  private static HuggingFaceConfig layout(JsonObject json) {
    String type = BackboneConfigJson.field(json, "model_type").getAsString();
    return switch (type) {
      case "llama" -> HuggingFaceConfig.LLAMA;
      case "qwen2" -> HuggingFaceConfig.QWEN2;
      case "qwen3" -> HuggingFaceConfig.QWEN3;
      default -> throw new IllegalArgumentException("config.json: model_type was " + type);
    };
  }
}
