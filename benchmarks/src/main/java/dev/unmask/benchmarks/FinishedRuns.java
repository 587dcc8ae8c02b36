package dev.unmask.benchmarks;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What cells came to, kept in a file of JSON lines as each ends: a sweep that was cut off goes on.
 * Delete the file to begin anew.
 */
final class FinishedRuns {
  private static final Gson GSON = new Gson();
  private static final String CELL = "cell";
  private static final String RESULT = "result";

  private final JsonLines lines;
  private final Map<TrainingCell, CellResult> results = new HashMap<>();

  private FinishedRuns(JsonLines lines) {
    this.lines = lines;
  }

  static FinishedRuns in(Path file) {
    FinishedRuns finished = new FinishedRuns(new JsonLines(file));
    finished.lines.read(finished::read);
    return finished;
  }

  private void read(JsonObject run) {
    if (run.has(RESULT)) {
      results.put(
          GSON.fromJson(run.get(CELL), TrainingCell.class),
          GSON.fromJson(run.get(RESULT), CellResult.class));
    }
  }

  Optional<CellResult> get(TrainingCell cell) {
    return Optional.ofNullable(results.get(cell));
  }

  void keep(TrainingCell cell, CellResult result) {
    JsonObject line = new JsonObject();
    line.add(CELL, GSON.toJsonTree(cell));
    line.add(RESULT, GSON.toJsonTree(result));
    lines.append(line);
    results.put(cell, result);
  }
}
