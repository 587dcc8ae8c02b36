package dev.unmask.lm.cache;

/**
 * Consecutive positions of a canvas that are denoised together.
 *
 * @param from first position
 * @param to one past the last position
 */
public record Block(int from, int to) {
  public Block {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("block must not be empty, was [" + from + ", " + to + ")");
    }
  }

  /** Number of positions. */
  public int size() {
    return to - from;
  }
}
