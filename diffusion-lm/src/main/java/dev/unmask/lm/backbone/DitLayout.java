package dev.unmask.lm.backbone;

import dev.unmask.lm.backbone.Parameter.Role;
import java.util.ArrayList;
import java.util.List;

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
