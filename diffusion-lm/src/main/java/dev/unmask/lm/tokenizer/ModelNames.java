package dev.unmask.lm.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a model directory says about special tokens: {@code generation_config.json} first, then
 * {@code config.json}, then the names in {@code tokenizer_config.json}. Of several ends of text the
 * first counts.
 */
record ModelNames(JsonObject generation, JsonObject config, JsonObject tokens) {

  private static final String GENERATION = "generation_config.json";
  private static final String CONFIG = "config.json";
  private static final String TOKENS = "tokenizer_config.json";

  /**
   * @throws InvalidTokenizerException if one of the files is not JSON
   */
  static ModelNames of(Path directory) {
    return new ModelNames(
        optional(directory.resolve(GENERATION)),
        optional(directory.resolve(CONFIG)),
        optional(directory.resolve(TOKENS)));
  }

  static ModelNames of(Map<String, JsonObject> documents) {
    return new ModelNames(
        documents.getOrDefault(GENERATION, new JsonObject()),
        documents.getOrDefault(CONFIG, new JsonObject()),
        documents.getOrDefault(TOKENS, new JsonObject()));
  }

  private static JsonObject optional(Path file) {
    return Files.exists(file) ? new JsonParts(file).parse() : new JsonObject();
  }

  /**
   * @param idOf the id of a token by its name
   */
  SpecialIds resolve(Function<String, @Nullable Integer> idOf) {
    Integer rows = nonNegative(config.get("vocab_size"));
    return new SpecialIds(
        id("mask_token", idOf), endOfText(idOf), id("pad_token", idOf), rows == null ? 0 : rows);
  }

  /** A model that names no end of text has the usual token for it, if it has one. */
  private @Nullable Integer endOfText(Function<String, @Nullable Integer> idOf) {
    Integer named = id("eos_token", idOf);
    Integer usual = idOf.apply(Tokenizer.END_OF_TEXT);
    return named != null ? named : usual != null ? usual : idOf.apply("</s>");
  }

  /** The files that belong to a tokenizer wherever it is saved, by name. */
  Map<String, String> files() {
    Map<String, String> files = new HashMap<>();
    if (!generation.isEmpty()) {
      files.put(GENERATION, generation.toString());
    }
    if (!tokens.isEmpty()) {
      files.put(TOKENS, tokens.toString());
    }
    return files;
  }

  private @Nullable Integer id(String token, Function<String, @Nullable Integer> idOf) {
    return Stream.of(generation.get(token + "_id"), config.get(token + "_id"), tokens.get(token))
        .map(value -> idOrName(value, idOf))
        .filter(id -> id != null)
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Integer idOrName(
      @Nullable JsonElement value, Function<String, @Nullable Integer> idOf) {
    Integer id = nonNegative(value);
    return id == null ? named(value, idOf) : id;
  }

  private static @Nullable Integer nonNegative(@Nullable JsonElement value) {
    if (value instanceof JsonArray list) {
      return list.isEmpty() ? null : nonNegative(list.get(0));
    }
    boolean whole = value instanceof JsonPrimitive && value.toString().matches("[0-9]{1,9}");
    return whole && value != null ? Integer.valueOf(value.getAsInt()) : null;
  }

  /** A token is written as its name or as an object that holds it. */
  private static @Nullable Integer named(
      @Nullable JsonElement value, Function<String, @Nullable Integer> idOf) {
    JsonElement name = value instanceof JsonObject object ? object.get("content") : value;
    return name instanceof JsonPrimitive primitive && primitive.isString()
        ? idOf.apply(primitive.getAsString())
        : null;
  }
}
