package dev.unmask.lm.family.sdar;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.HuggingFaceConfig;
import dev.unmask.lm.backbone.Vocabulary;

/** {@code config.json} of SDAR: Qwen3's layout, block-causal attention. */
public final class SdarConfig {
  private static final int BLOCK_SIZE = 4;

  private SdarConfig() {}

  public static boolean recognises(JsonObject json) {
    return HuggingFaceConfig.isType(json, "sdar");
  }

  public static BackboneConfig read(JsonObject json) {
    Vocabulary vocabulary =
        Vocabulary.maskAmong(
            BackboneConfigJson.integer(json, "vocab_size"),
            BackboneConfigJson.integer(json, "mask_token_id"));
    int blockSize = HuggingFaceConfig.integer(json, "block_size", BLOCK_SIZE);
    return HuggingFaceConfig.QWEN3.read(json, vocabulary, Decoding.blocks(blockSize));
  }
}
