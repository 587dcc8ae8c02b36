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
 * A model as files: {@code config.json} (shape), {@code model.safetensors} (weights, or an index
 * and several files) and {@code tokenizer.json}.
 */
public record ModelDirectory(Path path) {
  public static final String CONFIG = "config.json";
  public static final String WEIGHTS = "model.safetensors";
  public static final String INDEX = "model.safetensors.index.json";
  public static final String TOKENIZER = "tokenizer.json";

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /**
   * @throws IllegalArgumentException if it is not a directory with a configuration and weights
   */
  public static ModelDirectory at(Path path) {
    if (!Files.isRegularFile(path.resolve(CONFIG))) {
      throw new IllegalArgumentException(path + " is not a model directory: it has no " + CONFIG);
    }
    if (!Files.isRegularFile(path.resolve(WEIGHTS)) && !Files.isRegularFile(path.resolve(INDEX))) {
      throw new IllegalArgumentException(path + " is not a model directory: it has no " + WEIGHTS);
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

  /** Opens the one file of weights; closed by the caller. */
  public Safetensors openWeights() {
    return Safetensors.open(path.resolve(WEIGHTS));
  }

  /** Opens the weights, in one file or several; closed by the caller. */
  public TensorSource openTensors() {
    Path single = path.resolve(WEIGHTS);
    return Files.isRegularFile(single)
        ? Safetensors.open(single)
        : ShardedSafetensors.open(path.resolve(INDEX));
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
