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
    TOO_LARGE,
    /** A line of prompts and answers that is not as it must be. */
    BAD_LINE
  }

  private static final long serialVersionUID = 1;

  private final Reason reason;
  private final long byteOffset;
  private final long line;
  private final String field;

  InvalidCorpusException(Reason reason, long byteOffset, String message) {
    this(reason, byteOffset, 0, "", message);
  }

  private InvalidCorpusException(
      Reason reason, long byteOffset, long line, String field, String message) {
    super(message);
    this.reason = reason;
    this.byteOffset = byteOffset;
    this.line = line;
    this.field = field;
  }

  /**
   * @param line counted from 1
   * @param field path of the field at fault, empty where the line as a whole is
   */
  static InvalidCorpusException ofLine(long line, String field, String problem) {
    String where = field.isEmpty() ? "" : ", field " + field;
    return new InvalidCorpusException(
        Reason.BAD_LINE, 0, line, field, "line %d%s: %s".formatted(line, where, problem));
  }

  static InvalidCorpusException empty() {
    return new InvalidCorpusException(
        Reason.EMPTY, 0, "the corpus holds no text: give it at least one document");
  }

  public Reason reason() {
    return reason;
  }

  /** The line at fault, from 1; 0 where the fault is not one of a line. */
  public long line() {
    return line;
  }

  /** The field of the line, such as {@code messages[1].role}; empty where there is none. */
  public String field() {
    return field;
  }

  /** Where the first fault is, in bytes from the beginning; 0 when the corpus is empty. */
  public long byteOffset() {
    return byteOffset;
  }
}
