package dev.unmask.lm.corpus;

/**
 * A corpus that is empty or not plain text. The message says what was found where, and the remedy.
 */
public final class InvalidCorpusException extends RuntimeException {

  /** What is wrong with the corpus. */
  public enum Reason {
    /** No document with any character but white space. */
    EMPTY,
    /** Bytes that are not UTF-8. */
    NOT_UTF8,
    /** A control character: binary data, or a terminal's recording. */
    CONTROL_CHARACTER,
    /** One document, or all of them, over the limit. */
    TOO_LARGE
  }

  private static final long serialVersionUID = 1;

  private final Reason reason;
  private final long byteOffset;

  InvalidCorpusException(Reason reason, long byteOffset, String message) {
    super(message);
    this.reason = reason;
    this.byteOffset = byteOffset;
  }

  static InvalidCorpusException empty() {
    return new InvalidCorpusException(
        Reason.EMPTY, 0, "the corpus holds no text: give it at least one document");
  }

  public Reason reason() {
    return reason;
  }

  /** Where the first fault is, in bytes from the beginning; 0 when the corpus is empty. */
  public long byteOffset() {
    return byteOffset;
  }
}
