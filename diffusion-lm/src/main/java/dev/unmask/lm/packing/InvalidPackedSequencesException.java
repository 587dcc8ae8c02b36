package dev.unmask.lm.packing;

import java.nio.file.Path;

/** A file of packed sequences that is missing or damaged: names the file and what was expected. */
public final class InvalidPackedSequencesException extends RuntimeException {

  private static final long serialVersionUID = 1;

  InvalidPackedSequencesException(Path file, String expectation) {
    super(file + ": " + expectation);
  }
}
