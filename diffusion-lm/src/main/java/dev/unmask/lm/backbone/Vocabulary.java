package dev.unmask.lm.backbone;

/**
 * The tokens of a backbone.
 *
 * @param size V, rows of the embedding
 * @param maskId id of the mask token, {@link #NO_MASK} for a network that has none
 * @param maskColumn what the head does with it
 */
public record Vocabulary(int size, int maskId, MaskColumn maskColumn) {
  public static final int NO_MASK = -1;

  /** The mask token among the columns of the vocabulary projection. */
  public enum MaskColumn {
    /** A column like any other: the softmax of the loss goes over it (LLaDA, Dream, SDAR). */
    SCORED,
    /** The last column, left out of the softmax (RADD). */
    IGNORED,
    /** The head has one row less than the embedding (SMDM); its logit is a very low constant. */
    ABSENT
  }

  /** The mask token is the last row and never predicted. */
  public static Vocabulary maskLast(int size) {
    return new Vocabulary(size, size - 1, MaskColumn.IGNORED);
  }

  /** A mask token in the last row is never predicted; another one is a token like any other. */
  public static Vocabulary of(int size, int maskId) {
    return maskId == size - 1 ? maskLast(size) : maskAmong(size, maskId);
  }

  /** The mask token is one of the tokens the head was trained with. */
  public static Vocabulary maskAmong(int size, int maskId) {
    return new Vocabulary(size, maskId, MaskColumn.SCORED);
  }

  /** No mask token: a network that predicts the next token. */
  public static Vocabulary withoutMask(int size) {
    return new Vocabulary(size, NO_MASK, MaskColumn.SCORED);
  }

  public boolean hasMask() {
    return maskId != NO_MASK;
  }

  /** Rows of the vocabulary projection. */
  public int headRows() {
    return maskColumn == MaskColumn.ABSENT ? size - 1 : size;
  }

  /** Columns that the softmax of a loss goes over, from the first. */
  public int scoredColumns() {
    return maskColumn == MaskColumn.SCORED ? size : size - 1;
  }

  boolean isConsistent() {
    boolean last = maskId == size - 1;
    boolean known = maskId >= NO_MASK && maskId < size;
    return known && (maskColumn == MaskColumn.SCORED || last);
  }
}
