package dev.unmask.lm.family.llada;

import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.AttentionShape;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Activation;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneConfig.Norm;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.HuggingFaceConfig;
import dev.unmask.lm.backbone.NoiseConditioning;
import dev.unmask.lm.backbone.RotaryPositions;
import dev.unmask.lm.backbone.TensorNames;
import dev.unmask.lm.backbone.TensorNames.Stack;
import dev.unmask.lm.backbone.Vocabulary;
import java.util.List;

/** {@code config.json} and tensor names of LLaDA: a Llama that attends in both directions. */
public final class LladaConfig {
  private static final TensorNames NAMES =
      new TensorNames(
          "llada",
          "model.transformer.wte.weight",
          "model.transformer.blocks.%d.",
          "attn_norm",
          new Stack("qkv_proj", List.of("q_proj", "k_proj", "v_proj")),
          false,
          "attn_out",
          "q_norm",
          "k_norm",
          "ff_norm",
          new Stack("gate_up_proj", List.of("ff_proj", "up_proj")),
          "ff_out",
          "model.transformer.ln_f",
          "model.transformer.ff_out",
          false);

  private LladaConfig() {}

  public static boolean recognises(JsonObject json) {
    return HuggingFaceConfig.isType(json, "llada");
  }

  /**
   * @throws IllegalArgumentException naming a field that is missing, of the wrong type, or asks for
   *     something that the network does not have
   */
  public static BackboneConfig read(JsonObject json) {
    requireSupported(json);
    int size = BackboneConfigJson.integer(json, "vocab_size");
    return new BackboneConfig(
        NAMES,
        Vocabulary.maskAmong(
            HuggingFaceConfig.integer(json, "embedding_size", size),
            BackboneConfigJson.integer(json, "mask_token_id")),
        BackboneConfigJson.integer(json, "n_layers"),
        BackboneConfigJson.integer(json, "d_model"),
        attention(json),
        BackboneConfigJson.integer(json, "mlp_hidden_size"),
        BackboneConfigJson.integer(json, "max_sequence_length"),
        Norm.RMS,
        BackboneConfigJson.number(json, "rms_norm_eps"),
        Activation.SWIGLU,
        RotaryPositions.of(BackboneConfigJson.number(json, "rope_theta")),
        HuggingFaceConfig.isSet(json, "weight_tying"),
        Decoding.full(),
        NoiseConditioning.NONE);
  }

  private static AttentionShape attention(JsonObject json) {
    int heads = BackboneConfigJson.integer(json, "n_heads");
    int width = BackboneConfigJson.integer(json, "d_model");
    int groups = HuggingFaceConfig.integer(json, "n_kv_heads", heads);
    return new AttentionShape(
        heads,
        groups,
        AttentionShape.multiHead(width, heads).headWidth(),
        false,
        HuggingFaceConfig.isSet(json, "include_qkv_bias"),
        false);
  }

  private static void requireSupported(JsonObject json) {
    String[] unknown = {
      "alibi",
      "attention_layer_norm",
      "include_bias",
      "input_emb_norm",
      "multi_query_attention",
      "scale_logits"
    };
    for (String key : unknown) {
      if (HuggingFaceConfig.isSet(json, key)) {
        throw new IllegalArgumentException("config.json: " + key + " is not supported");
      }
    }
  }
}
