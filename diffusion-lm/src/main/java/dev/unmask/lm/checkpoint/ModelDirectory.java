package dev.unmask.lm.checkpoint;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model as files: {@code config.json} (shape), {@code model.safetensors} (weights) and {@code
 * tokenizer.json}.
 */
public record ModelDirectory(Path path) {
  public static final String CONFIG = "config.json";
  public static final String WEIGHTS = "model.safetensors";
  public static final String TOKENIZER = "tokenizer.json";

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /**
   * @throws IllegalArgumentException if it is not a directory with a configuration and weights
   */
  public static ModelDirectory at(Path path) {
    for (String file : new String[] {CONFIG, WEIGHTS}) {
      if (!Files.isRegularFile(path.resolve(file))) {
        throw new IllegalArgumentException(path + " is not a model directory: it has no " + file);
      }
    }
    return new ModelDirectory(path);
  }

  /**
   * @throws IllegalArgumentException if {@code config.json} is not a JSON object
   */
  public JsonObject config() {
    try {
      return JsonParser.parseString(Files.readString(path.resolve(CONFIG))).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IllegalArgumentException(path.resolve(CONFIG) + " is not a JSON object", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens the weights; closed by the caller. */
  public Safetensors openWeights() {
    return Safetensors.open(path.resolve(WEIGHTS));
  }

  /** Writes configuration and weights; the tokenizer is saved beside them by its owner. */
  public static ModelDirectory write(Path path, JsonObject config, SafetensorsWriter weights) {
    try {
      Files.createDirectories(path);
      weights.write(path.resolve(WEIGHTS));
      AtomicFiles.write(path.resolve(CONFIG), GSON.toJson(config) + "\n");
      return new ModelDirectory(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
