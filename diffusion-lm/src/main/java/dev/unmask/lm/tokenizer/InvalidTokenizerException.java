package dev.unmask.lm.tokenizer;

import java.nio.file.Path;

/** A {@code tokenizer.json} that cannot be used: names the file, what was expected, what came. */
public final class InvalidTokenizerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String expectation;

  InvalidTokenizerException(Path file, String expectation) {
    super(file + ": " + expectation);
    this.expectation = expectation;
  }

  InvalidTokenizerException(Path file, String expectation, Throwable cause) {
    super(file + ": " + expectation, cause);
    this.expectation = expectation;
  }

  /** What a valid file holds at the faulty place, and what this one holds there. */
  public String expectation() {
    return expectation;
  }
}
