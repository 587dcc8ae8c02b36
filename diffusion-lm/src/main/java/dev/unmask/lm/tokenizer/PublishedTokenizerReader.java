package dev.unmask.lm.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a published {@code tokenizer.json}: byte-pair encoding over bytes (GPT-2, Llama 3, Qwen2)
 * or over characters with bytes to fall back on (SentencePiece). Every part is checked and copied
 * into a document of our own before the native library sees it; what is not known is refused.
 */
final class PublishedTokenizerReader {

  /**
   * Eight times the largest published vocabulary: bounds what one large id can make us allocate.
   */
  private static final int LARGEST_ID = 1 << 21;

  private final JsonParts json;
  private final Path file;
  private final JsonObject document;
  private final Map<String, Integer> vocabulary = new HashMap<>();
  private final List<AddedToken> added = new ArrayList<>();

  /** A token that is cut out of the text before any merge. */
  record AddedToken(int id, String content, boolean special) {}

  PublishedTokenizerReader(Path file, JsonObject document) {
    this.file = file;
    this.json = new JsonParts(file);
    this.document = document;
  }

  /**
   * @param names what the files beside it say about special tokens
   */
  PublishedTokenizer read(ModelNames names) {
    JsonObject model = model(json.object(document, "model"));
    readAddedTokens();
    TokenSpelling spelling = new SpellingReader(json).read(document);
    JsonObject checked = new JsonObject();
    checked.addProperty("version", "1.0");
    checked.add("truncation", JsonNull.INSTANCE);
    checked.add("padding", JsonNull.INSTANCE);
    checked.add("added_tokens", new JsonArray());
    checked.add("normalizer", TextSteps.normalizers(json, document));
    checked.add("pre_tokenizer", TextSteps.preTokenizers(json, document));
    checked.add("post_processor", JsonNull.INSTANCE);
    checked.add("decoder", JsonNull.INSTANCE);
    checked.add("model", model);
    NativeTokenizer ordinary = open(checked);
    checked.add("added_tokens", addedTokens());
    NativeTokenizer withSpecialTokens = open(checked);
    Map<String, Integer> idsByName = new HashMap<>(vocabulary);
    added.forEach(token -> idsByName.put(token.content(), token.id()));
    Map<String, String> files = new HashMap<>(names.files());
    files.put(TokenizerJson.FILE, document.toString());
    return new PublishedTokenizer(
        files,
        ordinary,
        withSpecialTokens,
        TokenTable.of(idsByName, added, spelling),
        Template.read(json, document, idsByName),
        names.resolve(idsByName::get));
  }

  private NativeTokenizer open(JsonObject checked) {
    try {
      return new NativeTokenizer(checked.toString());
    } catch (IOException e) {
      throw new InvalidTokenizerException(
          file, "is refused by the tokenizers library: " + JsonParts.shown(e.getMessage()), e);
    }
  }

  private JsonObject model(JsonObject model) {
    json.expect(
        "BPE".equals(json.text(model, "type")),
        "model.type must be BPE, was " + JsonParts.shown(model.get("type")));
    for (String option : List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix")) {
      json.expectUnset(model, option);
    }
    JsonObject vocab = readVocabulary(json.object(model, "vocab"));
    String unknown = json.text(model, "unk_token");
    json.expect(
        unknown == null || vocabulary.containsKey(unknown),
        "model.unk_token must be in model.vocab, was " + JsonParts.shown(unknown));
    JsonObject checked = new JsonObject();
    checked.addProperty("type", "BPE");
    checked.add("dropout", JsonNull.INSTANCE);
    checked.addProperty("unk_token", unknown);
    checked.add("continuing_subword_prefix", JsonNull.INSTANCE);
    checked.add("end_of_word_suffix", JsonNull.INSTANCE);
    for (String option : List.of("fuse_unk", "byte_fallback", "ignore_merges")) {
      checked.addProperty(option, json.flag(model, option, false));
    }
    checked.add("vocab", vocab);
    checked.add("merges", merges(json.array(model, "merges")));
    return checked;
  }

  private JsonObject readVocabulary(JsonObject vocab) {
    JsonObject checked = new JsonObject();
    Set<Integer> ids = new HashSet<>();
    for (Map.Entry<String, JsonElement> entry : vocab.entrySet()) {
      int id = id(entry.getValue(), "model.vocab id of " + JsonParts.shown(entry.getKey()));
      json.expect(ids.add(id), "model.vocab must hold each id once, holds %d twice".formatted(id));
      vocabulary.put(entry.getKey(), id);
      checked.addProperty(entry.getKey(), id);
    }
    json.expect(!vocabulary.isEmpty(), "model.vocab must not be empty");
    return checked;
  }

  private int id(@Nullable JsonElement value, String name) {
    int id = json.integer(value, name);
    json.expect(
        id >= 0 && id < LARGEST_ID,
        "%s must be in [0, %d), was %d".formatted(name, LARGEST_ID, id));
    return id;
  }

  /** A merge is written "a b" or, by later versions, ["a", "b"]; what it joins must be tokens. */
  private JsonArray merges(JsonArray written) {
    JsonArray checked = new JsonArray();
    for (JsonElement element : written) {
      List<String> parts =
          element.isJsonArray()
              ? element.getAsJsonArray().asList().stream().map(json::string).toList()
              : List.of(json.string(element).split(" ", -1));
      json.expect(
          parts.size() == 2, "model.merges must hold pairs, holds " + JsonParts.shown(element));
      json.expect(
          vocabulary.containsKey(parts.get(0))
              && vocabulary.containsKey(parts.get(1))
              && vocabulary.containsKey(parts.get(0) + parts.get(1)),
          "model.merges must join tokens of model.vocab, has " + JsonParts.shown(element));
      JsonArray pair = new JsonArray();
      parts.forEach(pair::add);
      checked.add(pair);
    }
    return checked;
  }

  /** The library numbers added tokens itself, in order; its numbers must be the file's. */
  private void readAddedTokens() {
    if (JsonParts.isNull(document.get("added_tokens"))) {
      return;
    }
    int highest = -1;
    for (JsonObject token : json.objects(document, "added_tokens")) {
      String content = json.requiredText(token, "content");
      json.expect(!content.isEmpty(), "added_tokens must not have an empty content");
      int id = id(token.get("id"), "added_tokens id of " + JsonParts.shown(content));
      int expected = vocabulary.getOrDefault(content, Math.max(vocabulary.size(), highest + 1));
      json.expect(
          id == expected,
          "added_tokens id of %s must be %d, was %d"
              .formatted(JsonParts.shown(content), expected, id));
      highest = Math.max(highest, id);
      added.add(new AddedToken(id, content, json.flag(token, "special", false)));
    }
  }

  private JsonArray addedTokens() {
    JsonArray tokens = new JsonArray();
    for (int i = 0; i < added.size(); i++) {
      JsonObject written = document.getAsJsonArray("added_tokens").get(i).getAsJsonObject();
      tokens.add(addedToken(added.get(i), written));
    }
    return tokens;
  }

  private JsonObject addedToken(AddedToken token, JsonObject written) {
    JsonObject checked = new JsonObject();
    checked.addProperty("id", token.id());
    checked.addProperty("content", token.content());
    for (String option : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      checked.addProperty(option, json.flag(written, option, false));
    }
    checked.addProperty("special", token.special());
    return checked;
  }
}
