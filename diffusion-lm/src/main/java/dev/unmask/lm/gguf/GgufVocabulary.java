package dev.unmask.lm.gguf;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The vocabulary of a file as {@code tokenizer.json} and what lies beside it. */
final class GgufVocabulary {

  private static final String PREFIX = "tokenizer.ggml.";
  private static final long UNKNOWN = 2;
  private static final long CONTROL = 3;
  private static final long USER_DEFINED = 4;

  private static final String BYTE_LEVEL =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":%s}";

  /** The splits of llama.cpp by their name in {@code tokenizer.ggml.pre}. */
  private static final Map<String, String> DIGITS =
      Map.of(
          "llama-bpe", "\\p{N}{1,3}",
          "llama3", "\\p{N}{1,3}",
          "llama-v3", "\\p{N}{1,3}",
          "qwen2", "\\p{N}");

  private final GgufMetadata metadata;

  GgufVocabulary(GgufMetadata metadata) {
    this.metadata = metadata;
  }

  /** The files by name. */
  Map<String, JsonObject> files() {
    String kind = metadata.requiredText(PREFIX + "model");
    if (!kind.equals("gpt2")) {
      throw metadata.fault(PREFIX + "model", "must be gpt2 (byte-level BPE), was " + kind);
    }
    Map<String, JsonObject> files = new LinkedHashMap<>();
    files.put("tokenizer.json", document());
    files.put("tokenizer_config.json", tokenizerConfig());
    JsonObject generation = new JsonObject();
    for (String name : List.of("eos_token_id", "mask_token_id")) {
      metadata.integer(PREFIX + name).ifPresent(id -> generation.addProperty(name, id));
    }
    metadata
        .integer(PREFIX + "padding_token_id")
        .ifPresent(id -> generation.addProperty("pad_token_id", id));
    files.put("generation_config.json", generation);
    return files;
  }

  private JsonObject document() {
    String split = metadata.requiredText(PREFIX + "pre");
    JsonObject document = new JsonObject();
    document.addProperty("version", "1.0");
    document.add("added_tokens", addedTokens());
    document.add("normalizer", parsed(split.equals("qwen2") ? "{\"type\":\"NFC\"}" : "null"));
    document.add("pre_tokenizer", preTokenizer(split));
    document.add("post_processor", parsed("null"));
    document.add("decoder", parsed(BYTE_LEVEL.formatted(true)));
    JsonObject model = new JsonObject();
    model.addProperty("type", "BPE");
    model.addProperty("ignore_merges", split.startsWith("llama"));
    model.add("vocab", vocabulary());
    JsonArray merges = new JsonArray();
    metadata.texts(PREFIX + "merges").forEach(merges::add);
    model.add("merges", merges);
    document.add("model", model);
    return document;
  }

  private JsonObject vocabulary() {
    JsonObject vocabulary = new JsonObject();
    List<String> tokens = metadata.texts(PREFIX + "tokens");
    for (int id = 0; id < tokens.size(); id++) {
      if (vocabulary.has(tokens.get(id))) {
        throw metadata.fault(
            PREFIX + "tokens", "must hold each token once, token " + id + " again");
      }
      vocabulary.addProperty(tokens.get(id), id);
    }
    return vocabulary;
  }

  private JsonArray addedTokens() {
    List<String> tokens = metadata.texts(PREFIX + "tokens");
    List<Long> types = metadata.wholes(PREFIX + "token_type");
    if (types != null && types.size() != tokens.size()) {
      throw metadata.fault(PREFIX + "token_type", "must hold one type for each token");
    }
    JsonArray added = new JsonArray();
    for (int id = 0; types != null && id < types.size(); id++) {
      long type = types.get(id);
      if (type == UNKNOWN || type == CONTROL || type == USER_DEFINED) {
        JsonObject token = new JsonObject();
        token.addProperty("id", id);
        token.addProperty("content", tokens.get(id));
        token.addProperty("special", type != USER_DEFINED);
        added.add(token);
      }
    }
    return added;
  }

  private JsonElement preTokenizer(String split) {
    if (split.equals("gpt-2")) {
      return parsed(BYTE_LEVEL.formatted(true));
    }
    String digits = DIGITS.get(split);
    if (digits == null) {
      throw metadata.fault(PREFIX + "pre", "must be gpt-2, llama-bpe or qwen2, was " + split);
    }
    JsonObject pattern = new JsonObject();
    pattern.addProperty(
        "Regex",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
            + digits
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
    JsonObject step = new JsonObject();
    step.addProperty("type", "Split");
    step.add("pattern", pattern);
    step.addProperty("behavior", "Isolated");
    step.addProperty("invert", false);
    JsonArray steps = new JsonArray();
    steps.add(step);
    steps.add(parsed(BYTE_LEVEL.formatted(false)));
    JsonObject sequence = new JsonObject();
    sequence.addProperty("type", "Sequence");
    sequence.add("pretokenizers", steps);
    return sequence;
  }

  private JsonObject tokenizerConfig() {
    JsonObject config = new JsonObject();
    metadata
        .text("tokenizer.chat_template")
        .ifPresent(template -> config.addProperty("chat_template", template));
    for (String name : List.of("bos", "eos")) {
      token(name).ifPresent(text -> config.addProperty(name + "_token", text));
    }
    return config;
  }

  private Optional<String> token(String name) {
    List<String> tokens = metadata.texts(PREFIX + "tokens");
    return metadata
        .integer(PREFIX + name + "_token_id")
        .filter(id -> id < tokens.size())
        .map(tokens::get);
  }

  private static JsonElement parsed(String json) {
    return JsonParser.parseString(json);
  }
}
