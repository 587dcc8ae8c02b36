package dev.unmask.lm.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.unmask.lm.tokenizer.BytePairVocabulary.Merge;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
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

  /** The largest published vocabularies (256,000 tokens) take about 20 MB. */
  private static final long LARGEST_FILE = 64L << 20;

  private final Path file;

  TokenizerJsonReader(Path file) {
    this.file = file;
  }

  BytePairVocabulary read() {
    JsonObject document = parse();
    expectUnset(document, "normalizer");
    checkPreTokenizer(object(document, "pre_tokenizer"));
    JsonObject model = object(document, "model");
    expect("BPE".equals(text(model, "type")), "model.type must be BPE, was " + model.get("type"));
    for (String option :
        List.of(
            "dropout",
            "continuing_subword_prefix",
            "end_of_word_suffix",
            "byte_fallback",
            "ignore_merges")) {
      expectUnset(model, option);
    }
    Map<String, Integer> ids = ids(object(model, "vocab"));
    checkSpecialTokens(array(document, "added_tokens"), ids.size());
    return new BytePairVocabulary(tokens(ids), merges(array(model, "merges"), ids));
  }

  private JsonObject parse() {
    try {
      expect(Files.isRegularFile(file), "the file is missing");
      long size = Files.size(file);
      expect(
          size <= LARGEST_FILE, "must hold at most %d bytes, has %d".formatted(LARGEST_FILE, size));
      try (Reader reader = Files.newBufferedReader(file)) {
        JsonElement document = JsonParser.parseReader(reader);
        expect(document.isJsonObject(), "must hold a JSON object");
        return document.getAsJsonObject();
      }
    } catch (IOException | JsonParseException | StackOverflowError e) {
      throw new InvalidTokenizerException(file, "must be readable JSON in UTF-8", e);
    }
  }

  private void checkPreTokenizer(JsonObject preTokenizer) {
    expect(
        "ByteLevel".equals(text(preTokenizer, "type")),
        "pre_tokenizer.type must be ByteLevel, was " + preTokenizer.get("type"));
    expectUnset(preTokenizer, "add_prefix_space");
    JsonElement expression = preTokenizer.get("use_regex");
    expect(
        expression == null || isBoolean(expression, true),
        "pre_tokenizer.use_regex must be true, was " + expression);
  }

  /** End of text and mask are the last two ids: models rely on the mask being the last row. */
  private void checkSpecialTokens(JsonArray added, int vocabularySize) {
    Map<String, Integer> special = new HashMap<>();
    for (JsonElement token : added) {
      expect(token.isJsonObject(), "added_tokens must hold objects, held " + token);
      String content = text(token.getAsJsonObject(), "content");
      expect(content != null, "added_tokens must each have a content");
      special.put(
          String.valueOf(content), integer(token.getAsJsonObject().get("id"), "added_tokens id"));
    }
    Map<String, Integer> expected =
        Map.of(Tokenizer.END_OF_TEXT, vocabularySize, Tokenizer.MASK, vocabularySize + 1);
    expect(
        special.equals(expected),
        "added_tokens must be %s after a vocabulary of %d, were %s"
            .formatted(expected, vocabularySize, special));
  }

  private Map<String, Integer> ids(JsonObject vocabulary) {
    Map<String, Integer> ids = HashMap.newHashMap(vocabulary.size());
    for (Map.Entry<String, JsonElement> entry : vocabulary.entrySet()) {
      ids.put(entry.getKey(), integer(entry.getValue(), "model.vocab id of " + entry.getKey()));
    }
    return ids;
  }

  private List<byte[]> tokens(Map<String, Integer> ids) {
    byte[] @Nullable [] tokens = new byte[ids.size()][];
    Set<Byte> singleBytes = new HashSet<>();
    ids.forEach(
        (spelled, id) -> {
          expect(
              id >= 0 && id < tokens.length && tokens[id] == null,
              "model.vocab must number its %d tokens from 0 without gaps, has id %d for \"%s\""
                  .formatted(tokens.length, id, spelled));
          byte[] token = bytes(spelled);
          tokens[id] = token;
          if (token.length == 1) {
            singleBytes.add(token[0]);
          }
        });
    expect(
        singleBytes.size() == 256,
        "model.vocab must hold all 256 bytes, holds " + singleBytes.size());
    return Arrays.asList(tokens);
  }

  private byte[] bytes(String spelled) {
    expect(!spelled.isEmpty(), "model.vocab must not hold an empty token");
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
      expect(
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
            ? element.getAsJsonArray().asList().stream().map(this::string).toList()
            : List.of(string(element).split(" ", -1));
    expect(parts.size() == 2, "model.merges must hold pairs, holds " + element);
    Integer left = ids.get(parts.get(0));
    Integer right = ids.get(parts.get(1));
    Integer merged = ids.get(parts.get(0) + parts.get(1));
    if (left == null || right == null || merged == null) {
      throw new InvalidTokenizerException(
          file, "model.merges must join tokens of model.vocab, has " + element);
    }
    return new Merge(left, right, merged);
  }

  private void expectUnset(JsonObject owner, String name) {
    JsonElement value = owner.get(name);
    expect(
        value == null
            || value.isJsonNull()
            || isBoolean(value, false)
            || value.toString().equals("\"\""),
        "%s must not be set, was %s".formatted(name, value));
  }

  private static boolean isBoolean(JsonElement value, boolean expected) {
    return value.toString().equals(Boolean.toString(expected));
  }

  private JsonObject object(JsonObject owner, String name) {
    JsonElement value = owner.get(name);
    if (value == null || !value.isJsonObject()) {
      throw new InvalidTokenizerException(file, name + " must be an object, was " + value);
    }
    return value.getAsJsonObject();
  }

  private JsonArray array(JsonObject owner, String name) {
    JsonElement value = owner.get(name);
    if (value == null || !value.isJsonArray()) {
      throw new InvalidTokenizerException(file, name + " must be an array, was missing or no list");
    }
    return value.getAsJsonArray();
  }

  private @Nullable String text(JsonObject owner, String name) {
    JsonElement value = owner.get(name);
    return value == null || value.isJsonNull() ? null : string(value);
  }

  private String string(JsonElement value) {
    expect(
        value.isJsonPrimitive() && value.getAsJsonPrimitive().isString(),
        "expected a string, found " + value);
    return value.getAsString();
  }

  private int integer(@Nullable JsonElement value, String name) {
    try {
      if (value != null && value.isJsonPrimitive()) {
        return value.getAsBigDecimal().intValueExact();
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new InvalidTokenizerException(file, name + " must be an integer, was " + value, e);
    }
    throw new InvalidTokenizerException(file, name + " must be an integer, was " + value);
  }

  private void expect(boolean holds, String expectation) {
    if (!holds) {
      throw new InvalidTokenizerException(file, expectation);
    }
  }
}
