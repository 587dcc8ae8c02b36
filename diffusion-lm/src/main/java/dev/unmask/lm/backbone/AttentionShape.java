package dev.unmask.lm.backbone;

/**
 * Shape of the attention in every layer.
 *
 * @param heads H, query heads
 * @param keyValueHeads G, heads of keys and values, a divisor of {@code heads}; query head h reads
 *     key/value head h / (H / G)
 * @param headWidth E, even; H E need not be the width of the model
 * @param queryKeyNorm whether queries and keys are RMS-normalised per head before the rotary
 *     positions (Qwen3, SDAR)
 * @param inputBias whether the query, key and value projections have biases (Qwen2, Dream)
 * @param outputBias whether the output projection has one
 */
public record AttentionShape(
    int heads,
    int keyValueHeads,
    int headWidth,
    boolean queryKeyNorm,
    boolean inputBias,
    boolean outputBias) {

  /** As many key/value heads as heads, no biases, no norms. */
  public static AttentionShape multiHead(int width, int heads) {
    return grouped(heads, heads, heads >= 1 && width % heads == 0 ? width / heads : 0);
  }

  /** Grouped queries without biases and norms. */
  public static AttentionShape grouped(int heads, int keyValueHeads, int headWidth) {
    return new AttentionShape(heads, keyValueHeads, headWidth, false, false, false);
  }

  /** Whether a head can be cut into the two halves that rotary positions turn. */
  boolean hasWholeHeads() {
    return headWidth >= 2 && headWidth % 2 == 0;
  }

  /** H E, the width of all queries. */
  public int queryWidth() {
    return heads * headWidth;
  }

  /** G E, the width of all keys. */
  public int keyWidth() {
    return keyValueHeads * headWidth;
  }
}
