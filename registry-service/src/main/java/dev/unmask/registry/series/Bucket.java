package dev.unmask.registry.series;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of consecutive points of one series; at least one point.
 *
 * @param points how many there are, whatever their values
 * @param first may have a value that is not finite, as {@code last}
 * @param min the least finite point, the first of equals; null where none is finite
 * @param max the greatest finite point, the first of equals; null where none is finite
 * @param earliest lowest time, milliseconds since the epoch
 * @param latest highest time
 * @param inTime no point is earlier than the one before it
 */
record Bucket(
    long points,
    Point first,
    Point last,
    @Nullable Point min,
    @Nullable Point max,
    long earliest,
    long latest,
    NonFinite nonFinite,
    boolean inTime) {

  /** How many values no chart can place. */
  record NonFinite(long nans, long infinities, long minusInfinities) {
    static final NonFinite NONE = new NonFinite(0, 0, 0);

    private static NonFinite of(double value) {
      if (Double.isNaN(value)) {
        return new NonFinite(1, 0, 0);
      }
      return value > 0 ? new NonFinite(0, 1, 0) : new NonFinite(0, 0, 1);
    }

    boolean isNone() {
      return equals(NONE);
    }

    NonFinite plus(NonFinite other) {
      if (other.isNone()) {
        return this;
      }
      return new NonFinite(
          nans + other.nans,
          infinities + other.infinities,
          minusInfinities + other.minusInfinities);
    }
  }

  static Bucket of(Point point) {
    Point finite = point.isFinite() ? point : null;
    return new Bucket(
        1,
        point,
        point,
        finite,
        finite,
        point.time(),
        point.time(),
        finite == null ? NonFinite.of(point.value()) : NonFinite.NONE,
        true);
  }

  /** Both together, where {@code next} holds the points that follow. */
  Bucket plus(Bucket next) {
    return new Bucket(
        points + next.points,
        first,
        next.last,
        lesser(min, next.min),
        greater(max, next.max),
        Math.min(earliest, next.earliest),
        Math.max(latest, next.latest),
        nonFinite.plus(next.nonFinite),
        inTime && next.inTime && isInTimeBefore(next));
  }

  /** Whether the points that follow begin no earlier than these end. */
  boolean isInTimeBefore(Bucket next) {
    return next.first.time() >= last.time();
  }

  private static @Nullable Point lesser(@Nullable Point a, @Nullable Point b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return b.value() < a.value() ? b : a;
  }

  private static @Nullable Point greater(@Nullable Point a, @Nullable Point b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return b.value() > a.value() ? b : a;
  }
}
