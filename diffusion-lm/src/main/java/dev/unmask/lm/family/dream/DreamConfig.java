package dev.unmask.lm.family.dream;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.HuggingFaceConfig;
import dev.unmask.lm.backbone.Vocabulary;

/**
 * {@code config.json} of Dream: Qwen2's layout, full attention, predictions one row to the left.
 */
public final class DreamConfig {
  private DreamConfig() {}

  public static boolean recognises(JsonObject json) {
    return HuggingFaceConfig.isType(json, "Dream");
  }

  public static BackboneConfig read(JsonObject json) {
    Vocabulary vocabulary =
        Vocabulary.maskAmong(
            BackboneConfigJson.integer(json, "vocab_size"),
            BackboneConfigJson.integer(json, "mask_token_id"));
    return HuggingFaceConfig.QWEN2.read(json, vocabulary, Decoding.full().shifted());
  }
}
