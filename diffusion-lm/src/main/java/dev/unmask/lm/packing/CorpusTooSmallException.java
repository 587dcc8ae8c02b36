package dev.unmask.lm.packing;

/** The documents have fewer tokens than one sequence is long, or no example fits into one. */
public final class CorpusTooSmallException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  CorpusTooSmallException(int tokens, int length) {
    this(
        "the text has %d tokens, one sequence needs %d: add text or shorten the context"
            .formatted(tokens, length));
  }

  private CorpusTooSmallException(String message) {
    super(message);
  }

  static CorpusTooSmallException ofExamples(int longest, int length) {
    return new CorpusTooSmallException(
        longest == 0
            ? "there is no example: add prompts and answers"
            : ("no prompt fits with its answer and an end into a context of %d tokens, the longest"
                    + " needs %d: shorten them or train a longer context")
                .formatted(length, longest));
  }
}
