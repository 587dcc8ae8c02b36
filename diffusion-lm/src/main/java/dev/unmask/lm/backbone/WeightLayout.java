package dev.unmask.lm.backbone;

import dev.unmask.lm.backbone.Parameter.Piece;
import dev.unmask.lm.backbone.Parameter.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of a family in the order its kernels expect. What a family lacks is {@link
 * Parameter#ABSENT}.
 */
sealed interface WeightLayout {
  static WeightLayout of(BackboneConfig config) {
    return switch (config.family()) {
      case BackboneConfig.RADD -> new RaddLayout(config);
      case BackboneConfig.DIT -> new DitLayout(config);
      default -> new LlamaLayout(config);
    };
  }

  List<Parameter> slots();

  /** Names of Llama checkpoints; query, key and value are one matrix here, gate and up another. */
  record LlamaLayout(BackboneConfig config) implements WeightLayout {
    @Override
    public List<Parameter> slots() {
      long width = config.width();
      List<Parameter> slots = new ArrayList<>();
      slots.add(
          Parameter.of(
              "model.embed_tokens.weight", Role.EMBEDDING, config.vocabularySize(), width));
      for (int layer = 0; layer < config.layers(); layer++) {
        addLayer(slots, "model.layers." + layer + ".");
      }
      slots.add(Parameter.of("model.norm.weight", Role.GAIN, width));
      slots.add(Parameter.ABSENT);
      slots.add(
          config.tiedEmbeddings()
              ? Parameter.ABSENT
              : Parameter.of("lm_head.weight", Role.MATRIX, config.vocabularySize(), width));
      slots.add(Parameter.ABSENT);
      return slots;
    }

    private void addLayer(List<Parameter> slots, String prefix) {
      long width = config.width();
      long inner = config.feedForward();
      String attention = prefix + "self_attn.";
      slots.add(Parameter.of(prefix + "input_layernorm.weight", Role.GAIN, width));
      slots.add(Parameter.ABSENT);
      slots.add(queryKeyValue(attention));
      slots.add(Parameter.of(attention + "o_proj.weight", Role.RESIDUAL_MATRIX, width, width));
      slots.add(headNorm(attention + "q_norm.weight"));
      slots.add(headNorm(attention + "k_norm.weight"));
      slots.add(Parameter.of(prefix + "post_attention_layernorm.weight", Role.GAIN, width));
      slots.add(Parameter.ABSENT);
      slots.add(
          new Parameter(
              prefix + "mlp.gate_up_proj.weight",
              List.of(
                  Piece.of(prefix + "mlp.gate_proj.weight", inner, width),
                  Piece.of(prefix + "mlp.up_proj.weight", inner, width)),
              Role.MATRIX));
      slots.add(Parameter.ABSENT);
      slots.add(Parameter.of(prefix + "mlp.down_proj.weight", Role.RESIDUAL_MATRIX, width, inner));
      slots.add(Parameter.ABSENT);
    }

    private Parameter queryKeyValue(String attention) {
      long width = config.width();
      long keyWidth = (long) config.keyValueHeads() * config.headWidth();
      return new Parameter(
          attention + "qkv_proj.weight",
          List.of(
              Piece.of(attention + "q_proj.weight", width, width),
              Piece.of(attention + "k_proj.weight", keyWidth, width),
              Piece.of(attention + "v_proj.weight", keyWidth, width)),
          Role.MATRIX);
    }

    private Parameter headNorm(String name) {
      return config.queryKeyNorm()
          ? Parameter.of(name, Role.GAIN, config.headWidth())
          : Parameter.ABSENT;
    }
  }

  /** Names of the published RADD checkpoints; their query-key-value matrix is fused already. */
  record RaddLayout(BackboneConfig config) implements WeightLayout {
    @Override
    public List<Parameter> slots() {
      long width = config.width();
      long vocabulary = config.vocabularySize();
      List<Parameter> slots = new ArrayList<>();
      slots.add(Parameter.of("vocab_embed.embedding", Role.EMBEDDING, vocabulary, width));
      for (int layer = 0; layer < config.layers(); layer++) {
        addLayer(slots, "blocks." + layer + ".");
      }
      slots.add(Parameter.of("output_layer.norm_final.weight", Role.GAIN, width));
      slots.add(Parameter.of("output_layer.norm_final.bias", Role.NORM_BIAS, width));
      slots.add(Parameter.of("output_layer.linear.weight", Role.MATRIX, vocabulary, width));
      slots.add(Parameter.of("output_layer.linear.bias", Role.BIAS, vocabulary));
      return slots;
    }

    private void addLayer(List<Parameter> slots, String prefix) {
      long width = config.width();
      long inner = config.feedForward();
      slots.add(Parameter.of(prefix + "norm1.weight", Role.GAIN, width));
      slots.add(Parameter.of(prefix + "norm1.bias", Role.NORM_BIAS, width));
      slots.add(Parameter.of(prefix + "attn_qkv.weight", Role.MATRIX, 3 * width, width));
      slots.add(Parameter.of(prefix + "attn_out.weight", Role.RESIDUAL_MATRIX, width, width));
      slots.add(Parameter.ABSENT);
      slots.add(Parameter.ABSENT);
      slots.add(Parameter.of(prefix + "norm2.weight", Role.GAIN, width));
      slots.add(Parameter.of(prefix + "norm2.bias", Role.NORM_BIAS, width));
      slots.add(Parameter.of(prefix + "mlp.0.weight", Role.MATRIX, inner, width));
      slots.add(Parameter.of(prefix + "mlp.0.bias", Role.BIAS, inner));
      slots.add(Parameter.of(prefix + "mlp.2.weight", Role.RESIDUAL_MATRIX, width, inner));
      slots.add(Parameter.of(prefix + "mlp.2.bias", Role.BIAS, width));
    }
  }

  /** Names that SEDD, MDLM and BD3-LM share; the latter two put {@code backbone.} in front. */
  record DitLayout(BackboneConfig config) implements WeightLayout {
    @Override
    public List<Parameter> slots() {
      long width = config.width();
      long noise = config.conditioning().width();
      long vocabulary = config.vocabularySize();
      List<Parameter> slots = new ArrayList<>();
      slots.add(Parameter.of("vocab_embed.embedding", Role.EMBEDDING, vocabulary, width));
      slots.add(Parameter.of("sigma_map.mlp.0.weight", Role.MATRIX, noise, NoiseFeatures.COUNT));
      slots.add(Parameter.of("sigma_map.mlp.0.bias", Role.BIAS, noise));
      slots.add(Parameter.of("sigma_map.mlp.2.weight", Role.MATRIX, noise, noise));
      slots.add(Parameter.of("sigma_map.mlp.2.bias", Role.BIAS, noise));
      for (int layer = 0; layer < config.layers(); layer++) {
        addLayer(slots, "blocks." + layer + ".");
      }
      slots.add(Parameter.of("output_layer.norm_final.weight", Role.GAIN, width));
      addModulation(slots, "output_layer.", 2);
      slots.add(Parameter.of("output_layer.linear.weight", Role.ZERO_MATRIX, vocabulary, width));
      slots.add(Parameter.of("output_layer.linear.bias", Role.BIAS, vocabulary));
      return slots;
    }

    private void addLayer(List<Parameter> slots, String prefix) {
      long width = config.width();
      long inner = config.feedForward();
      slots.add(Parameter.of(prefix + "norm1.weight", Role.GAIN, width));
      slots.add(Parameter.of(prefix + "attn_qkv.weight", Role.MATRIX, 3 * width, width));
      slots.add(Parameter.of(prefix + "attn_out.weight", Role.RESIDUAL_MATRIX, width, width));
      slots.add(Parameter.of(prefix + "norm2.weight", Role.GAIN, width));
      slots.add(Parameter.of(prefix + "mlp.0.weight", Role.MATRIX, inner, width));
      slots.add(Parameter.of(prefix + "mlp.0.bias", Role.BIAS, inner));
      slots.add(Parameter.of(prefix + "mlp.2.weight", Role.RESIDUAL_MATRIX, width, inner));
      slots.add(Parameter.of(prefix + "mlp.2.bias", Role.BIAS, width));
      addModulation(slots, prefix, 6);
    }

    private void addModulation(List<Parameter> slots, String prefix, int parts) {
      long outputs = (long) parts * config.width();
      slots.add(
          Parameter.of(
              prefix + "adaLN_modulation.weight",
              Role.ZERO_MATRIX,
              outputs,
              config.conditioning().width()));
      slots.add(Parameter.of(prefix + "adaLN_modulation.bias", Role.BIAS, outputs));
    }
  }
}
