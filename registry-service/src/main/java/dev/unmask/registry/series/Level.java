package dev.unmask.registry.series;

/**
 * The levels of a pyramid. Four buckets make one of the level above: a chart that wants so many
 * buckets then reads at most six times as many.
 */
final class Level {
  /** Points of a bucket of the lowest level. */
  static final int BASE = 64;

  /** Buckets that make one of the level above. */
  static final int FACTOR = 4;

  /** The highest level, of 16,384 points a bucket. */
  static final int TOP = 4;

  private static final int FACTOR_BITS = 2;

  private Level() {}

  /** The bucket of the level that holds a bucket of the lowest level. */
  static int above(int level, int baseOrdinal) {
    return baseOrdinal >> (FACTOR_BITS * level);
  }

  /** The first bucket of the lowest level that the bucket holds. */
  static int below(int level, int ordinal) {
    return ordinal << (FACTOR_BITS * level);
  }
}
