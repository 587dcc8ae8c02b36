package dev.unmask.lm.checkpoint;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A safetensors file that cannot be used: names the file, the tensor and what was expected. */
public final class SafetensorsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final @Nullable String tensor;

  SafetensorsException(Path file, @Nullable String tensor, String expectation) {
    this(file, tensor, expectation, null);
  }

  SafetensorsException(
      Path file, @Nullable String tensor, String expectation, @Nullable Throwable cause) {
    super(file + (tensor == null ? "" : ", tensor \"" + tensor + "\"") + ": " + expectation, cause);
    this.file = file;
    this.tensor = tensor;
  }

  /** The damaged or unreadable file. */
  public Path file() {
    return file;
  }

  /** The tensor concerned, empty when the file as a whole is meant. */
  public Optional<String> tensor() {
    return Optional.ofNullable(tensor);
  }
}
