package dev.unmask.lm.backbone;

import java.util.List;

/**
 * How the checkpoints of a family name the weights of a transformer. Names of a layer's weights are
 * relative to the layer; {@code .weight} and {@code .bias} are added to all but the embedding.
 *
 * @param format {@code model_type} in the library's own {@code config.json}
 * @param embedding complete name of the embedding
 * @param layer prefix of layer {@code %d}
 * @param queryKeyValue query, key and value projections, or the one fused projection
 * @param grouped whether the fused projection holds the query heads of a group, then its key head,
 *     then its value head, group after group; otherwise all queries come first, then keys, values
 * @param up gate and value of the feed-forward network, or its one input projection
 * @param headBias whether the head has a bias
 */
public record TensorNames(
    String format,
    String embedding,
    String layer,
    String attentionNorm,
    Stack queryKeyValue,
    boolean grouped,
    String output,
    String queryNorm,
    String keyNorm,
    String feedForwardNorm,
    Stack up,
    String down,
    String finalNorm,
    String head,
    boolean headBias) {

  /**
   * One matrix of the kernels and the projections it is stored as, stacked along the rows.
   *
   * @param name what the library calls it
   */
  public record Stack(String name, List<String> stored) {
    public Stack {
      stored = List.copyOf(stored);
    }

    /** Stored as it is used. */
    public static Stack fused(String name) {
      return new Stack(name, List.of(name));
    }
  }

  /** Llama, Qwen2, Qwen3 and what was made from them (Dream, SDAR, Fast-dLLM v2). */
  public static final TensorNames LLAMA =
      new TensorNames(
          "llama",
          "model.embed_tokens.weight",
          "model.layers.%d.",
          "input_layernorm",
          new Stack(
              "self_attn.qkv_proj",
              List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")),
          false,
          "self_attn.o_proj",
          "self_attn.q_norm",
          "self_attn.k_norm",
          "post_attention_layernorm",
          new Stack("mlp.gate_up_proj", List.of("mlp.gate_proj", "mlp.up_proj")),
          "mlp.down_proj",
          "model.norm",
          "lm_head",
          false);

  /** The published RADD checkpoints (arXiv:2406.03736). */
  public static final TensorNames RADD =
      new TensorNames(
          "radd",
          "vocab_embed.embedding",
          "blocks.%d.",
          "norm1",
          Stack.fused("attn_qkv"),
          false,
          "attn_out",
          "q_norm",
          "k_norm",
          "norm2",
          Stack.fused("mlp.0"),
          "mlp.2",
          "output_layer.norm_final",
          "output_layer.linear",
          true);

  /** The checkpoints of networks that are told the noise level (SEDD, MDLM, BD3-LM). */
  public static final TensorNames DIT = RADD.called("dit");

  private TensorNames called(String otherFormat) {
    return new TensorNames(
        otherFormat,
        embedding,
        layer,
        attentionNorm,
        queryKeyValue,
        grouped,
        output,
        queryNorm,
        keyNorm,
        feedForwardNorm,
        up,
        down,
        finalNorm,
        head,
        headBias);
  }
}
