package dev.unmask.lm.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Typed access to an untrusted JSON file; every fault names the file and what was expected. */
final class JsonParts {

  /** The largest published vocabularies (256,000 tokens) take about 20 MB. */
  private static final long LARGEST_FILE = 64L << 20;

  private final Path file;

  JsonParts(Path file) {
    this.file = file;
  }

  JsonObject parse() {
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

  JsonObject object(JsonObject owner, String name) {
    JsonElement value = owner.get(name);
    if (value == null || !value.isJsonObject()) {
      throw new InvalidTokenizerException(file, name + " must be an object, was " + shown(value));
    }
    return value.getAsJsonObject();
  }

  /** The object of this name, null where it is absent or null. */
  @Nullable JsonObject optionalObject(JsonObject owner, String name) {
    return isNull(owner.get(name)) ? null : object(owner, name);
  }

  JsonArray array(JsonObject owner, String name) {
    JsonElement value = owner.get(name);
    if (value == null || !value.isJsonArray()) {
      throw new InvalidTokenizerException(file, name + " must be an array, was missing or no list");
    }
    return value.getAsJsonArray();
  }

  List<JsonObject> objects(JsonObject owner, String name) {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonElement element : array(owner, name)) {
      expect(element.isJsonObject(), name + " must hold objects, held " + shown(element));
      objects.add(element.getAsJsonObject());
    }
    return objects;
  }

  @Nullable String text(JsonObject owner, String name) {
    JsonElement value = owner.get(name);
    return isNull(value) || value == null ? null : string(value);
  }

  String requiredText(JsonObject owner, String name) {
    String text = text(owner, name);
    if (text == null) {
      throw new InvalidTokenizerException(file, name + " must be a string, was missing");
    }
    return text;
  }

  String string(JsonElement value) {
    expect(
        value.isJsonPrimitive() && value.getAsJsonPrimitive().isString(),
        "expected a string, found " + shown(value));
    return value.getAsString();
  }

  boolean flag(JsonObject owner, String name, boolean otherwise) {
    JsonElement value = owner.get(name);
    if (isNull(value) || value == null) {
      return otherwise;
    }
    expect(
        value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean(),
        name + " must be true or false, was " + shown(value));
    return value.getAsBoolean();
  }

  int integer(@Nullable JsonElement value, String name) {
    try {
      if (value != null && value.isJsonPrimitive() && value.getAsString().length() < 20) {
        return value.getAsBigDecimal().intValueExact();
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw new InvalidTokenizerException(
          file, name + " must be an integer, was " + shown(value), e);
    }
    throw new InvalidTokenizerException(file, name + " must be an integer, was " + shown(value));
  }

  /** Refuses an option that would change the tokens. */
  void expectUnset(JsonObject owner, String name) {
    JsonElement value = owner.get(name);
    expect(
        isNull(value)
            || String.valueOf(value).equals("false")
            || String.valueOf(value).equals("\"\""),
        "%s must not be set, was %s".formatted(name, shown(value)));
  }

  static boolean isNull(@Nullable JsonElement value) {
    return value == null || value.isJsonNull();
  }

  /** A value as it may stand in a message: not the whole file. */
  static String shown(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }

  void expect(boolean holds, String expectation) {
    if (!holds) {
      throw new InvalidTokenizerException(file, expectation);
    }
  }

  InvalidTokenizerException fault(String expectation) {
    return new InvalidTokenizerException(file, expectation);
  }
}
