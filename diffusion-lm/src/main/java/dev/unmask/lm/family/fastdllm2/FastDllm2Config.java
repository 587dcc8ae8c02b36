package dev.unmask.lm.family.fastdllm2;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.HuggingFaceConfig;
import dev.unmask.lm.backbone.Vocabulary;

/**
 * {@code config.json} of Fast-dLLM v2: Qwen2's layout, block-causal attention, predictions one row
 * to the left. The file does not name the mask token; the published one has id 151665.
 */
public final class FastDllm2Config {
  private static final int BLOCK_SIZE = 32;
  private static final int MASK_ID = 151_665;

  private FastDllm2Config() {}

  public static boolean recognises(JsonObject json) {
    return HuggingFaceConfig.isType(json, "Fast_dLLM_Qwen");
  }

  /**
   * @return without a mask token if the file names none and the vocabulary is smaller than the
   *     published one: say it with {@link BackboneConfig#maskedBy}
   */
  public static BackboneConfig read(JsonObject json) {
    int size = BackboneConfigJson.integer(json, "vocab_size");
    int published = MASK_ID < size ? MASK_ID : Vocabulary.NO_MASK;
    int maskId = HuggingFaceConfig.integer(json, "mask_token_id", published);
    int blockSize = HuggingFaceConfig.integer(json, "bd_size", BLOCK_SIZE);
    return HuggingFaceConfig.QWEN2.read(
        json, Vocabulary.maskAmong(size, maskId), Decoding.blocks(blockSize).shifted());
  }
}
