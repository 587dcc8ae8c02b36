package dev.unmask.lm.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * A byte-level BPE in the older form, {@code vocab.json} and {@code merges.txt} (GPT-2, Qwen2,
 * Dream), as the {@code tokenizer.json} that Hugging Face's code makes of them.
 */
final class VocabularyFiles {

  private static final String VOCABULARY = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final String CONFIG = "tokenizer_config.json";
  private static final long LARGEST_FILE = 64L << 20;

  private static final String QWEN2_SPLIT =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private final Path directory;
  private final JsonParts json;

  private VocabularyFiles(Path directory) {
    this.directory = directory;
    this.json = new JsonParts(directory.resolve(CONFIG));
  }

  static boolean areIn(Path directory) {
    return Files.exists(directory.resolve(VOCABULARY))
        && Files.exists(directory.resolve(MERGES))
        && Files.exists(directory.resolve(CONFIG));
  }

  /**
   * @throws InvalidTokenizerException if a file is damaged or the class of tokenizer is not known
   */
  static JsonObject read(Path directory) {
    return new VocabularyFiles(directory).document();
  }

  private JsonObject document() {
    JsonObject config = json.parse();
    boolean qwen = isQwen(json.requiredText(config, "tokenizer_class"));
    JsonObject document = parsed("{\"version\":\"1.0\",\"decoder\":{\"type\":\"ByteLevel\"}}");
    if (qwen) {
      document.add("normalizer", parsed("{\"type\":\"NFC\"}"));
    }
    document.add("pre_tokenizer", qwen ? qwenSplit() : byteLevel(true));
    document.add("added_tokens", addedTokens(config));
    JsonObject model = new JsonObject();
    model.addProperty("type", "BPE");
    model.add("vocab", new JsonParts(directory.resolve(VOCABULARY)).parse());
    model.add("merges", merges());
    document.add("model", model);
    return document;
  }

  private boolean isQwen(String tokenizerClass) {
    return switch (tokenizerClass) {
      case "Qwen2Tokenizer", "Qwen2TokenizerFast", "DreamTokenizer" -> true;
      case "GPT2Tokenizer", "GPT2TokenizerFast" -> false;
      default ->
          throw json.fault("tokenizer_class is not known: " + JsonParts.shown(tokenizerClass));
    };
  }

  private static JsonObject qwenSplit() {
    JsonObject expression = new JsonObject();
    expression.addProperty("Regex", QWEN2_SPLIT);
    JsonObject split = parsed("{\"type\":\"Split\",\"behavior\":\"Isolated\",\"invert\":false}");
    split.add("pattern", expression);
    JsonArray steps = new JsonArray();
    steps.add(split);
    steps.add(byteLevel(false));
    JsonObject sequence = parsed("{\"type\":\"Sequence\"}");
    sequence.add("pretokenizers", steps);
    return sequence;
  }

  private static JsonObject byteLevel(boolean splits) {
    JsonObject step = parsed("{\"type\":\"ByteLevel\",\"add_prefix_space\":false}");
    step.addProperty("use_regex", splits);
    return step;
  }

  /** {@code added_tokens_decoder} names them by id. */
  private JsonArray addedTokens(JsonObject config) {
    JsonObject written = json.optionalObject(config, "added_tokens_decoder");
    JsonArray added = new JsonArray();
    if (written == null) {
      return added;
    }
    List<JsonObject> tokens =
        written.keySet().stream()
            .map(id -> withId(id, json.object(written, id)))
            .sorted(Comparator.comparingInt(token -> token.get("id").getAsInt()))
            .toList();
    tokens.forEach(added::add);
    return added;
  }

  private JsonObject withId(String id, JsonObject token) {
    json.expect(id.matches("[0-9]{1,7}"), "added_tokens_decoder has no id: " + JsonParts.shown(id));
    token.addProperty("id", Integer.valueOf(id));
    return token;
  }

  private JsonArray merges() {
    Path file = directory.resolve(MERGES);
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new InvalidTokenizerException(file, "must hold at most 64 MiB");
      }
      JsonArray merges = new JsonArray();
      Files.readAllLines(file).stream()
          .filter(line -> !line.isEmpty() && !line.startsWith("#version"))
          .forEach(merges::add);
      return merges;
    } catch (IOException e) {
      throw new InvalidTokenizerException(file, "must be readable text in UTF-8", e);
    }
  }

  private static JsonObject parsed(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }
}
