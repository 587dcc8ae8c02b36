package dev.unmask.lm.gguf;

import com.google.gson.JsonObject;
import java.util.Optional;
import java.util.Set;

/** The metadata of a file as the {@code config.json} of a Hugging Face checkpoint. */
final class GgufConfig {

  private static final Set<String> ARCHITECTURES = Set.of("llama", "qwen2");
  private static final double USUAL_ROTARY_BASE = 10_000;
  private static final int LONGEST_CONTEXT = 1 << 24;

  private final GgufFile file;
  private final GgufMetadata metadata;
  private final String architecture;

  GgufConfig(GgufFile file) {
    this.file = file;
    this.metadata = file.metadata();
    this.architecture = metadata.requiredText("general.architecture");
    if (!ARCHITECTURES.contains(architecture)) {
      throw metadata.fault("general.architecture", "must be one of " + ARCHITECTURES);
    }
  }

  private String key(String name) {
    return architecture + "." + name;
  }

  private int number(String name) {
    return metadata.requiredInteger(key(name));
  }

  /** Heads whose rows are interleaved: those of Llama. */
  int interleavedQueryHeads() {
    return architecture.equals("llama") ? heads() : 0;
  }

  int interleavedKeyHeads() {
    return architecture.equals("llama") ? keyHeads() : 0;
  }

  private int heads() {
    return between(1, number("attention.head_count"), 1 << 14, "attention.head_count");
  }

  private int keyHeads() {
    int keyHeads = metadata.integer(key("attention.head_count_kv")).orElse(heads());
    return between(1, keyHeads, 1 << 14, "attention.head_count_kv");
  }

  private int between(int least, int value, int most, String name) {
    if (value < least || value > most) {
      throw metadata.fault(key(name), "must be in [%d, %d], was %d".formatted(least, most, value));
    }
    return value;
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("model_type", architecture);
    json.addProperty("vocab_size", vocabularySize());
    json.addProperty("hidden_size", number("embedding_length"));
    json.addProperty("intermediate_size", number("feed_forward_length"));
    int layers = between(1, number("block_count"), file.tensors().size(), "block_count");
    json.addProperty("num_hidden_layers", layers);
    json.addProperty("num_attention_heads", heads());
    json.addProperty("num_key_value_heads", keyHeads());
    metadata
        .integer(key("attention.key_length"))
        .ifPresent(width -> json.addProperty("head_dim", width));
    json.addProperty(
        "max_position_embeddings",
        between(1, number("context_length"), LONGEST_CONTEXT, "context_length"));
    json.addProperty("rms_norm_eps", decimal("attention.layer_norm_rms_epsilon"));
    json.addProperty("rope_theta", metadata.real(key("rope.freq_base")).orElse(USUAL_ROTARY_BASE));
    json.addProperty("tie_word_embeddings", !file.tensors().containsKey("output.weight"));
    json.addProperty("hidden_act", "silu");
    addScaling(json);
    addToken(json, "bos_token_id");
    addToken(json, "eos_token_id");
    return json;
  }

  /** The decimal that was written, as far as float32 kept it. */
  private double decimal(String name) {
    double value =
        metadata.real(key(name)).orElseThrow(() -> metadata.fault(key(name), "is missing"));
    return Double.parseDouble(Float.toString((float) value));
  }

  private int vocabularySize() {
    GgufTensor embedding = file.tensors().get("token_embd.weight");
    if (embedding == null || embedding.shape().size() != 2) {
      throw new GgufException(file.file(), "token_embd.weight must be there, with two axes");
    }
    return Math.toIntExact(embedding.shape().getFirst());
  }

  private void addScaling(JsonObject json) {
    Optional<String> type = metadata.text(key("rope.scaling.type"));
    if (type.isEmpty() || type.get().equals("none")) {
      return;
    }
    if (!type.get().equals("linear")) {
      throw metadata.fault(key("rope.scaling.type"), "must be none or linear");
    }
    JsonObject scaling = new JsonObject();
    scaling.addProperty("rope_type", "linear");
    scaling.addProperty("factor", metadata.real(key("rope.scaling.factor")).orElse(1.0));
    json.add("rope_scaling", scaling);
  }

  private void addToken(JsonObject json, String name) {
    metadata.integer("tokenizer.ggml." + name).ifPresent(id -> json.addProperty(name, id));
  }
}
