package dev.unmask.lm.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.tokenizer.BytePairVocabulary.Merge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code tokenizer.json} and refuses whatever would be tokenised differently here than by the
 * program that wrote it: a normaliser, another pre-tokeniser, byte fallback, dropout.
 */
final class TokenizerJsonReader {

  private final Path file;
  private final JsonParts json;

  TokenizerJsonReader(Path file) {
    this.file = file;
    this.json = new JsonParts(file);
  }

  /** Whether a document names this library's special tokens and no others. */
  static boolean isOwn(JsonObject document) {
    Set<String> names = new HashSet<>();
    if (document.get("added_tokens") instanceof JsonArray added) {
      for (JsonElement token : added) {
        names.add(
            token instanceof JsonObject object
                ? String.valueOf(object.get("content"))
                : String.valueOf(token));
      }
    }
    return names.equals(Set.of("\"" + Tokenizer.END_OF_TEXT + "\"", "\"" + Tokenizer.MASK + "\""));
  }

  BytePairVocabulary read() {
    return read(json.parse());
  }

  BytePairVocabulary read(JsonObject document) {
    json.expectUnset(document, "normalizer");
    checkPreTokenizer(json.object(document, "pre_tokenizer"));
    JsonObject model = json.object(document, "model");
    json.expect(
        "BPE".equals(json.text(model, "type")), "model.type must be BPE, was " + model.get("type"));
    for (String option :
        List.of(
            "dropout",
            "continuing_subword_prefix",
            "end_of_word_suffix",
            "byte_fallback",
            "ignore_merges")) {
      json.expectUnset(model, option);
    }
    Map<String, Integer> ids = ids(json.object(model, "vocab"));
    checkSpecialTokens(json.array(document, "added_tokens"), ids.size());
    return new BytePairVocabulary(tokens(ids), merges(json.array(model, "merges"), ids));
  }

  private void checkPreTokenizer(JsonObject preTokenizer) {
    json.expect(
        "ByteLevel".equals(json.text(preTokenizer, "type")),
        "pre_tokenizer.type must be ByteLevel, was " + preTokenizer.get("type"));
    json.expectUnset(preTokenizer, "add_prefix_space");
    JsonElement expression = preTokenizer.get("use_regex");
    json.expect(
        expression == null || expression.toString().equals("true"),
        "pre_tokenizer.use_regex must be true, was " + expression);
  }

  /** End of text and mask are the last two ids: models rely on the mask being the last row. */
  private void checkSpecialTokens(JsonArray added, int vocabularySize) {
    Map<String, Integer> special = new HashMap<>();
    for (JsonElement token : added) {
      json.expect(token.isJsonObject(), "added_tokens must hold objects, held " + token);
      String content = json.text(token.getAsJsonObject(), "content");
      json.expect(content != null, "added_tokens must each have a content");
      special.put(
          String.valueOf(content),
          json.integer(token.getAsJsonObject().get("id"), "added_tokens id"));
    }
    Map<String, Integer> expected =
        Map.of(Tokenizer.END_OF_TEXT, vocabularySize, Tokenizer.MASK, vocabularySize + 1);
    json.expect(
        special.equals(expected),
        "added_tokens must be %s after a vocabulary of %d, were %s"
            .formatted(expected, vocabularySize, special));
  }

  private Map<String, Integer> ids(JsonObject vocabulary) {
    Map<String, Integer> ids = HashMap.newHashMap(vocabulary.size());
    for (Map.Entry<String, JsonElement> entry : vocabulary.entrySet()) {
      ids.put(
          entry.getKey(), json.integer(entry.getValue(), "model.vocab id of " + entry.getKey()));
    }
    return ids;
  }

  private List<byte[]> tokens(Map<String, Integer> ids) {
    byte[] @Nullable [] tokens = new byte[ids.size()][];
    Set<Byte> singleBytes = new HashSet<>();
    ids.forEach(
        (spelled, id) -> {
          json.expect(
              id >= 0 && id < tokens.length && tokens[id] == null,
              "model.vocab must number its %d tokens from 0 without gaps, has id %d for \"%s\""
                  .formatted(tokens.length, id, spelled));
          byte[] token = bytes(spelled);
          tokens[id] = token;
          if (token.length == 1) {
            singleBytes.add(token[0]);
          }
        });
    json.expect(
        singleBytes.size() == 256,
        "model.vocab must hold all 256 bytes, holds " + singleBytes.size());
    return Arrays.asList(tokens);
  }

  private byte[] bytes(String spelled) {
    json.expect(!spelled.isEmpty(), "model.vocab must not hold an empty token");
    try {
      return ByteAlphabet.bytes(spelled);
    } catch (IllegalArgumentException e) {
      throw new InvalidTokenizerException(file, "model.vocab token " + e.getMessage(), e);
    }
  }

  private List<Merge> merges(JsonArray written, Map<String, Integer> ids) {
    List<Merge> merges = new ArrayList<>(written.size());
    Set<Long> pairs = new HashSet<>();
    for (JsonElement element : written) {
      Merge merge = merge(element, ids);
      json.expect(
          pairs.add(BytePairTokenizer.pair(merge.left(), merge.right())),
          "model.merges must hold each pair once, holds %s twice".formatted(element));
      merges.add(merge);
    }
    return merges;
  }

  /** A merge is written "a b" or, by later versions, ["a", "b"]. */
  private Merge merge(JsonElement element, Map<String, Integer> ids) {
    List<String> parts =
        element.isJsonArray()
            ? element.getAsJsonArray().asList().stream().map(json::string).toList()
            : List.of(json.string(element).split(" ", -1));
    json.expect(parts.size() == 2, "model.merges must hold pairs, holds " + element);
    Integer left = ids.get(parts.get(0));
    Integer right = ids.get(parts.get(1));
    Integer merged = ids.get(parts.get(0) + parts.get(1));
    if (left == null || right == null || merged == null) {
      throw new InvalidTokenizerException(
          file, "model.merges must join tokens of model.vocab, has " + element);
    }
    return new Merge(left, right, merged);
  }
}
