package dev.unmask.benchmarks;

import com.google.gson.JsonObject;
import java.nio.file.Path;
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

  private final JsonLines lines;
  private final Map<String, Double> values = new ConcurrentHashMap<>();

  private KeptValues(JsonLines lines) {
    this.lines = lines;
  }

  static KeptValues in(Path file) {
    KeptValues kept = new KeptValues(new JsonLines(file));
    kept.lines.read(kept::read);
    return kept;
  }

  private void read(JsonObject run) {
    if (run.has(VALUE)) {
      values.put(run.get(RUN).getAsString(), run.get(VALUE).getAsDouble());
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
    lines.append(line);
    values.put(run, value);
  }
}
