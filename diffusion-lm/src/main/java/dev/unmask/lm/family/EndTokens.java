package dev.unmask.lm.family;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tokens that end an answer of a published model: one id or several, by its own files. */
public final class EndTokens {
  private static final String FIELD = "eos_token_id";

  private EndTokens() {}

  /**
   * Those of {@code generation_config.json}, otherwise of {@code config.json}, otherwise the
   * tokenizer's end of text.
   */
  public static Set<Integer> of(ModelDirectory model, Tokenizer tokenizer) {
    Path generation = model.path().resolve("generation_config.json");
    for (JsonObject json :
        Files.exists(generation)
            ? List.of(read(generation), model.config())
            : List.of(model.config())) {
      Set<Integer> ids = ids(json.get(FIELD));
      if (!ids.isEmpty()) {
        return ids;
      }
    }
    return Set.of(tokenizer.endOfText());
  }

  private static Set<Integer> ids(@Nullable JsonElement field) {
    if (field == null || field.isJsonNull()) {
      return Set.of();
    }
    return field.isJsonArray()
        ? field.getAsJsonArray().asList().stream()
            .map(JsonElement::getAsInt)
            .collect(Collectors.toUnmodifiableSet())
        : Set.of(field.getAsInt());
  }

  private static JsonObject read(Path file) {
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
