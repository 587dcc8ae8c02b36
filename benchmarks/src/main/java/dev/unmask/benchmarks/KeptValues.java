package dev.unmask.benchmarks;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * What points on the way of long runs came to, kept in a file of JSON lines as each is known: a
 * benchmark that was cut off goes on. Delete the file to begin anew. For any thread.
 */
final class KeptValues {
  private static final String RUN = "run";
  private static final String VALUE = "value";

  private final Path file;
  private final Map<String, Double> values = new ConcurrentHashMap<>();

  private KeptValues(Path file) {
    this.file = file;
  }

  static KeptValues in(Path file) {
    KeptValues kept = new KeptValues(file);
    try {
      if (Files.exists(file)) {
        Files.readAllLines(file).forEach(kept::read);
      }
      return kept;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(String line) {
    try {
      if (JsonParser.parseString(line) instanceof JsonObject run && run.has(VALUE)) {
        values.put(run.get(RUN).getAsString(), run.get(VALUE).getAsDouble());
      }
    } catch (JsonSyntaxException e) {
      // half a line: the process ended while it wrote it
    }
  }

  /**
   * The kept value, or a new one, which is then kept.
   *
   * @param run names everything that decides the value
   */
  double get(String run, DoubleSupplier otherwise) {
    Double known = values.get(run);
    if (known != null) {
      return known;
    }
    double value = otherwise.getAsDouble(); // takes long: others go on meanwhile
    keep(run, value);
    return value;
  }

  private synchronized void keep(String run, double value) {
    JsonObject line = new JsonObject();
    line.addProperty(RUN, run);
    line.addProperty(VALUE, value);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(
          file, "\n" + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    values.put(run, value);
  }
}
