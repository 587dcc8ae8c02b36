package dev.unmask.benchmarks;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** A file of JSON objects, one a line, that a process may have ended in the middle of writing. */
record JsonLines(Path file) {

  /** Every whole line; half a one, and a file that is not there, hold nothing. */
  void read(Consumer<JsonObject> line) {
    try {
      if (Files.exists(file)) {
        Files.readAllLines(file).forEach(text -> read(text, line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(String text, Consumer<JsonObject> line) {
    try {
      if (JsonParser.parseString(text) instanceof JsonObject object) {
        line.accept(object);
      }
    } catch (JsonSyntaxException e) {
      // half a line: what it would have said is found anew
    }
  }

  /** Begins with a line's end, in case the last line was cut off. */
  void append(JsonObject line) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(
          file, "\n" + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
