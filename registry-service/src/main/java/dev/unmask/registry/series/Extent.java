package dev.unmask.registry.series;

import org.jspecify.annotations.Nullable;

/**
 * What the valid buckets of the lowest level know about a span of a series. Ordinals are -1 where
 * there is no such bucket.
 *
 * @param firstInside the first bucket that lies in the span as a whole
 * @param lastInside the last one
 * @param inside how many there are
 * @param points how many points they hold
 * @param firstTouching the first bucket that lies in the span in part at least
 * @param lastTouching the last one
 * @param touching how many there are
 * @param newest the last valid bucket
 * @param stored the last bucket, valid or not
 * @param gapless whether the buckets of the highest level that touch the span follow each other,
 *     and those between the first and the last lie inside
 * @param touchingStart first point of {@code firstTouching}
 * @param touchingEnd last point of {@code lastTouching}
 * @param end last point of {@code newest}
 */
record Extent(
    int firstInside,
    int lastInside,
    int inside,
    long points,
    int firstTouching,
    int lastTouching,
    int touching,
    int newest,
    int stored,
    boolean gapless,
    @Nullable Point touchingStart,
    @Nullable Point touchingEnd,
    @Nullable Point end) {

  /** How many points the buckets have in the span at most. */
  long mostPoints() {
    return points + (long) (touching - inside) * Level.BASE;
  }

  /** Whether the buckets inside follow each other; where times fall they may not. */
  boolean isConnected() {
    return gapless && (inside == 0 || lastInside - firstInside + 1 == inside);
  }

  /** The first bucket of a level that lies inside as a whole. */
  int first(int level) {
    return Level.above(level, firstInside + Level.below(level, 1) - 1);
  }

  /**
   * The last bucket of a level that lies inside as a whole; the last one of all may not be full.
   */
  int last(int level) {
    return lastInside == stored
        ? Level.above(level, lastInside)
        : Level.above(level, lastInside + 1) - 1;
  }

  /** How many buckets of a level lie inside as a whole. */
  int count(int level) {
    return inside == 0 ? 0 : Math.max(0, last(level) - first(level) + 1);
  }
}
