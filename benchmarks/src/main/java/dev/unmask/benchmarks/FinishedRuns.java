package dev.unmask.benchmarks;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

  private final Path file;
  private final Map<TrainingCell, CellResult> results = new HashMap<>();

  private FinishedRuns(Path file) {
    this.file = file;
  }

  static FinishedRuns in(Path file) {
    FinishedRuns finished = new FinishedRuns(file);
    try {
      if (Files.exists(file)) {
        Files.readAllLines(file).forEach(finished::read);
      }
      return finished;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line that is no result counts for nothing: the process may have ended while it wrote it. */
  private void read(String line) {
    try {
      if (JsonParser.parseString(line) instanceof JsonObject run && run.has(RESULT)) {
        results.put(
            GSON.fromJson(run.get(CELL), TrainingCell.class),
            GSON.fromJson(run.get(RESULT), CellResult.class));
      }
    } catch (JsonSyntaxException e) {
      // half a line: that cell is trained again
    }
  }

  Optional<CellResult> get(TrainingCell cell) {
    return Optional.ofNullable(results.get(cell));
  }

  void keep(TrainingCell cell, CellResult result) {
    JsonObject line = new JsonObject();
    line.add(CELL, GSON.toJsonTree(cell));
    line.add(RESULT, GSON.toJsonTree(result));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(
          file,
          // Begins with a line's end, in case the last line was cut off.
          "\n" + line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    results.put(cell, result);
  }
}
