package dev.unmask.lm.gguf;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of tensors in Hugging Face checkpoints of Llama and Qwen2. */
final class GgufNames {

  private static final Pattern LAYER =
      Pattern.compile("blk\\.([0-9]{1,6})\\.([a-z_]+)\\.(weight|bias)");

  private static final Map<String, String> OUTSIDE =
      Map.of(
          "token_embd.weight", "model.embed_tokens.weight",
          "output_norm.weight", "model.norm.weight",
          "output.weight", "lm_head.weight");

  private static final Map<String, String> INSIDE =
      Map.of(
          "attn_norm", "input_layernorm",
          "attn_q", "self_attn.q_proj",
          "attn_k", "self_attn.k_proj",
          "attn_v", "self_attn.v_proj",
          "attn_output", "self_attn.o_proj",
          "ffn_norm", "post_attention_layernorm",
          "ffn_gate", "mlp.gate_proj",
          "ffn_up", "mlp.up_proj",
          "ffn_down", "mlp.down_proj");

  private GgufNames() {}

  /** The other name, empty where there is none. */
  static Optional<String> huggingFace(String name) {
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return Optional.ofNullable(OUTSIDE.get(name));
    }
    return Optional.ofNullable(INSIDE.get(layer.group(2)))
        .map(part -> "model.layers.%s.%s.%s".formatted(layer.group(1), part, layer.group(3)));
  }
}
