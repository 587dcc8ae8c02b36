package dev.unmask.lm.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where a training run stands, in the one file of a checkpoint. Its tensors are in the same file:
 * weights, moments and moving average, each name behind a prefix.
 *
 * <p>Everything random is keyed by the seed and the optimizer step, so the step is the random state
 * and the position in the data.
 *
 * @param plan fingerprint of the plan that made it
 * @param precision number type it trains in, kept whatever another machine would pick
 * @param optimizerStep completed optimizer steps
 * @param tokensSeen tokens of all batches so far
 * @param updates optimizer updates since the moments started afresh
 * @param found what an adaptive objective has found, by names without {@code =} and space
 */
public record TrainingState(
    String plan,
    String precision,
    long optimizerStep,
    long tokensSeen,
    long updates,
    Map<String, Double> found) {
  public static final String FILE = "training-state.safetensors";
  public static final String WEIGHTS = "weights/";
  public static final String FIRST_MOMENTS = "first_moments/";
  public static final String SECOND_MOMENTS = "second_moments/";
  public static final String AVERAGE = "average/";

  private static final String FORMAT = "1";
  private static final String FOUND = "found";

  /** The state of a run whose objective adapts to nothing. */
  public TrainingState(
      String plan, String precision, long optimizerStep, long tokensSeen, long updates) {
    this(plan, precision, optimizerStep, tokensSeen, updates, Map.of());
  }

  /** Writes state and tensors, replacing an earlier checkpoint in one move. */
  public void write(Path directory, SafetensorsWriter tensors) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create " + directory, e);
    }
    tensors
        .metadata("format", FORMAT)
        .metadata("plan", plan)
        .metadata("precision", precision)
        .metadata("optimizer_step", Long.toString(optimizerStep))
        .metadata("tokens_seen", Long.toString(tokensSeen))
        .metadata("updates", Long.toString(updates))
        .metadata(
            FOUND,
            found.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" ")));
    tensors.write(directory.resolve(FILE));
  }

  /** Whether a directory holds a checkpoint. */
  public static boolean exists(Path directory) {
    return Files.isRegularFile(directory.resolve(FILE));
  }

  /** Opens the file of a checkpoint; closed by the caller. */
  public static Safetensors open(Path directory) {
    return Safetensors.open(directory.resolve(FILE));
  }

  /**
   * @throws IllegalArgumentException if the file is not a checkpoint of this format
   */
  public static TrainingState of(Safetensors file) {
    if (!FORMAT.equals(file.metadata().get("format"))) {
      throw new IllegalArgumentException(
          file.file() + " is not a training checkpoint of format " + FORMAT);
    }
    return new TrainingState(
        text(file, "plan"),
        text(file, "precision"),
        number(file, "optimizer_step"),
        number(file, "tokens_seen"),
        number(file, "updates"),
        found(file));
  }

  private static Map<String, Double> found(Safetensors file) {
    String written = file.metadata().getOrDefault(FOUND, "");
    try {
      return written.isEmpty()
          ? Map.of()
          : Arrays.stream(written.split(" "))
              .map(entry -> entry.split("="))
              .collect(Collectors.toMap(entry -> entry[0], entry -> Double.valueOf(entry[1])));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(file.file() + ": " + FOUND + " is not readable", e);
    }
  }

  private static long number(Safetensors file, String key) {
    try {
      return Long.parseLong(text(file, key));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(file.file() + ": " + key + " is not a number", e);
    }
  }

  private static String text(Safetensors file, String key) {
    String value = file.metadata().get(key);
    if (value == null) {
      throw new IllegalArgumentException(file.file() + " has no " + key);
    }
    return value;
  }
}
