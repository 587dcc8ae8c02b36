package dev.unmask.lm.packing;

/**
 * Where the answer of a row stands: behind its prompt, before its padding.
 *
 * @param start length of the prompt, 0 or more
 * @param end behind the end-of-text id of the answer, more than start
 */
public record AnswerSpan(int start, int end) {
  public AnswerSpan {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException(
          "an answer must have a token at least, was from %d to %d".formatted(start, end));
    }
  }

  /** Tokens of the answer, its end-of-text id among them. */
  public int length() {
    return end - start;
  }
}
