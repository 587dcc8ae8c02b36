package dev.unmask.training.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import org.springframework.util.FileSystemUtils;

/**
 * Working files of one job. A part exists completely or not at all: it is written beside its place
 * and moved there.
 */
public record JobDirectory(Path root) {

  /** Tokenizer, packed sequences and facts of the corpus. */
  public Path prepared() {
    return root.resolve("prepared");
  }

  /** The earlier model that training starts from. */
  public Path base() {
    return root.resolve("base");
  }

  /** The last complete checkpoint; replaced in one move by the library. */
  public Path checkpoint() {
    return root.resolve("checkpoint");
  }

  /** The exported model. */
  public Path model() {
    return root.resolve("model");
  }

  /** The model that samples are drawn from, while they are drawn. */
  Path sampled() {
    return root.resolve("sampled");
  }

  /** Writes a part unless it exists. */
  void make(Path part, Consumer<Path> writer) {
    if (Files.exists(part)) {
      return;
    }
    Path unfinished = part.resolveSibling(part.getFileName() + ".unfinished");
    try {
      FileSystemUtils.deleteRecursively(unfinished);
      Files.createDirectories(unfinished);
      writer.accept(unfinished);
      Files.move(unfinished, part, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  void delete() {
    try {
      FileSystemUtils.deleteRecursively(root);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
