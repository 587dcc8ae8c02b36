package dev.unmask.lm.family.bd3lm;

/**
 * Times are drawn from a part of (0, 1] only: a block that is hardly or almost wholly masked says
 * little and adds variance (BD3-LM, arXiv:2503.09573, section 5).
 *
 * @param low smallest time, {@link #FULL}'s is 0.001
 * @param high largest time
 */
public record Clipping(double low, double high) {
  /** All times: training under it gives the bound itself. */
  public static final Clipping FULL = new Clipping(1e-3, 1);

  /** Above this smallest time the weight is 1: what is left is close to a plain cross-entropy. */
  private static final double EVEN_WEIGHT_ABOVE = 0.5;

  private static final int LARGEST_SEARCHED = 128;

  /**
   * What the search of the paper found for a block size (its section 5): the larger the block, the
   * less of it is masked. A block of one token is masked always, which leaves no variance at all;
   * blocks larger than those of the search, of 128 tokens at most, are not clipped, because a block
   * that was never wholly masked cannot be begun.
   */
  static Clipping found(int blockSize) {
    if (blockSize == 1) {
      return new Clipping(1, 1);
    }
    if (blockSize <= 4) {
      return new Clipping(0.45, 0.95);
    }
    if (blockSize <= 16) {
      return new Clipping(0.3, 0.8);
    }
    return blockSize <= LARGEST_SEARCHED ? new Clipping(FULL.low, 0.5) : FULL;
  }

  public Clipping {
    if (!(low > 0 && low <= high && high <= 1)) {
      throw new IllegalArgumentException(
          "needs 0 < low <= high <= 1, was [" + low + ", " + high + "]");
    }
  }

  /** The time that a uniform number in [0, 1) leads to. */
  double time(double unit) {
    return unit * (high - low) + low;
  }

  /** The weight of a masked token at a time. */
  double weight(BlockNoise noise, double t) {
    return low > EVEN_WEIGHT_ABOVE ? 1 : noise.weight(t);
  }

  /** Whether a block with this share of masks is kept; bounds that clip nothing refuse nothing. */
  boolean keeps(double maskedShare) {
    boolean enough = low <= FULL.low || maskedShare >= low;
    boolean notTooMany = high >= FULL.high || maskedShare <= high;
    return enough && notTooMany;
  }
}
