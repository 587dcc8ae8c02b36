package dev.unmask.lm.gguf;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A GGUF file that cannot be used: names the file, the place and what was expected. */
public final class GgufException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GgufException(Path file, String expectation) {
    this(file, expectation, null);
  }

  GgufException(Path file, String expectation, @Nullable Throwable cause) {
    super(file + ": " + expectation, cause);
  }
}
