package dev.unmask.benchmarks;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * What long runs came to, kept in a file of JSON lines as each ends: a sweep that was cut off goes
 * on. Delete the file to begin anew.
 */
final class FinishedRuns {

  private final Path file;
  private final Map<String, Double> values = new HashMap<>();

  private FinishedRuns(Path file) {
    this.file = file;
  }

  static FinishedRuns in(Path file) {
    FinishedRuns finished = new FinishedRuns(file);
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          JsonObject run = JsonParser.parseString(line).getAsJsonObject();
          finished.values.put(run.get("run").getAsString(), run.get("value").getAsDouble());
        }
      }
      return finished;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kept value, or that of the run, which is then kept. */
  double get(String run, DoubleSupplier otherwise) {
    Double known = values.get(run);
    if (known != null) {
      return known;
    }
    double value = otherwise.getAsDouble();
    JsonObject line = new JsonObject();
    line.addProperty("run", run);
    line.addProperty("value", value);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    values.put(run, value);
    return value;
  }
}
