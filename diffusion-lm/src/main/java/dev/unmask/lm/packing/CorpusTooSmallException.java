package dev.unmask.lm.packing;

/** The documents have fewer tokens than one sequence is long. */
public final class CorpusTooSmallException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  CorpusTooSmallException(int tokens, int length) {
    super(
        "the text has %d tokens, one sequence needs %d: add text or shorten the context"
            .formatted(tokens, length));
  }
}
