package dev.unmask.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The smallest training that goes the whole way: real text, seconds on two cores. */
final class TinyModel {
  static final int STEPS = 160;

  private static final Path SOURCES = Path.of("..", "diffusion-lm", "src", "main", "java");

  private TinyModel() {}

  /** The sources of the library itself, one document a file. */
  static String text() {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .map(TinyModel::read)
          .collect(Collectors.joining("\f"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Autoregressive steps, then block diffusion; registered under a name as champion. */
  static String job(String corpus, String name, int steps) {
    return """
        {"corpus": "%1$s", "name": "%2$s",
         "tokenizer": {"kind": "bpe", "vocabulary": 300},
         "model": {"layers": 2, "width": 64, "heads": 2, "feedForward": 128, "contextLength": 128},
         "phases": [{"method": "ar", "steps": %3$d},
                    {"method": "block-diffusion", "blockSize": 4, "steps": %3$d}],
         "batchSize": 4, "precision": "f32", "seed": 7, "checkpointEverySteps": 20,
         "validationFraction": 0.1,
         "register": {"model": "%2$s", "alias": "champion"}}
        """
        .formatted(corpus, name, steps / 2);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
