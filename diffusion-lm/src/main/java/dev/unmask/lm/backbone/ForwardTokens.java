package dev.unmask.lm.backbone;

/** Checks the tokens of a forward pass before they reach a kernel. */
final class ForwardTokens {
  private ForwardTokens() {}

  /**
   * @throws IllegalArgumentException if lengths differ or an id, position or row is out of range
   */
  static void check(BackboneConfig config, int[] ids, int[] positions, int[] rows) {
    if (ids.length == 0 || ids.length != positions.length) {
      throw new IllegalArgumentException(
          "needs a position for each token and one token at least, got "
              + ids.length
              + " tokens and "
              + positions.length
              + " positions");
    }
    if (rows.length == 0) {
      throw new IllegalArgumentException("rows must name one token at least");
    }
    requireRange("token id", ids, config.vocabularySize());
    requireRange("position", positions, config.contextLength());
    requireRange("row", rows, ids.length);
  }

  private static void requireRange(String what, int[] values, int end) {
    for (int value : values) {
      if (value < 0 || value >= end) {
        throw new IllegalArgumentException(what + " must be in [0, " + end + "), was " + value);
      }
    }
  }
}
