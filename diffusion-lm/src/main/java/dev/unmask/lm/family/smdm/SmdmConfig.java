package dev.unmask.lm.family.smdm;

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
import dev.unmask.lm.backbone.Vocabulary.MaskColumn;
import java.util.List;

/**
 * Configuration and tensor names of SMDM, which uses those of lit-gpt. The mask token is one more
 * row of the embedding behind the padded vocabulary; the head has no row for it.
 */
public final class SmdmConfig {
  private static final double ROTARY_BASE = 10_000;

  private static final TensorNames NAMES =
      new TensorNames(
          "smdm",
          "transformer.wte.weight",
          "transformer.h.%d.",
          "norm_1",
          Stack.fused("attn.attn"),
          true,
          "attn.proj",
          "attn.q_norm",
          "attn.k_norm",
          "norm_2",
          new Stack("mlp.swiglu.w12", List.of("mlp.swiglu.w1", "mlp.swiglu.w2")),
          "mlp.swiglu.w3",
          "transformer.ln_f",
          "lm_head",
          false);

  private SmdmConfig() {}

  public static boolean recognises(JsonObject json) {
    return json.has("padded_vocab_size") && json.has("n_query_groups");
  }

  /**
   * @return with exact rotary positions; the published code rounds their table, see {@link
   *     RotaryPositions#roundedToBfloat16}
   */
  public static BackboneConfig read(JsonObject json) {
    requireSupported(json);
    int heads = BackboneConfigJson.integer(json, "n_head");
    int width = BackboneConfigJson.integer(json, "n_embd");
    int tokens = BackboneConfigJson.integer(json, "padded_vocab_size");
    return new BackboneConfig(
        NAMES,
        new Vocabulary(tokens + 1, tokens, MaskColumn.ABSENT),
        BackboneConfigJson.integer(json, "n_layer"),
        width,
        AttentionShape.grouped(
            heads,
            HuggingFaceConfig.integer(json, "n_query_groups", heads),
            AttentionShape.multiHead(width, heads).headWidth()),
        BackboneConfigJson.integer(json, "intermediate_size"),
        BackboneConfigJson.integer(json, "block_size"),
        Norm.RMS,
        BackboneConfigJson.number(json, "norm_eps"),
        Activation.SWIGLU,
        rotary(json),
        false,
        Decoding.full(),
        NoiseConditioning.NONE);
  }

  private static RotaryPositions rotary(JsonObject json) {
    int condensed = HuggingFaceConfig.integer(json, "condense_ratio", 1);
    RotaryPositions plain = RotaryPositions.of(ROTARY_BASE);
    return condensed == 1 ? plain : plain.scaledBy(new RotaryPositions.Interpolated(condensed));
  }

  private static void requireSupported(JsonObject json) {
    for (String key : List.of("parallel_residual", "bias", "shared_attention_norm")) {
      if (HuggingFaceConfig.isSet(json, key)) {
        throw new IllegalArgumentException("config.json: " + key + " is not supported");
      }
    }
    if (BackboneConfigJson.number(json, "rotary_percentage") != 1) {
      throw new IllegalArgumentException("config.json: rotary_percentage must be 1");
    }
  }
}
