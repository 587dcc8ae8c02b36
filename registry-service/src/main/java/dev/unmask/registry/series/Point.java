package dev.unmask.registry.series;

import java.util.Comparator;

/**
 * One point of a series. Points are ordered as PostgreSQL orders their key: by step, time and
 * value, where NaN is the greatest value and both zeros are the same.
 *
 * @param time milliseconds since the epoch
 * @param value may be NaN or infinite
 */
public record Point(long step, long time, double value) implements Comparable<Point> {
  /** Comes before every point that can be stored: their times are not negative. */
  static final Point BEFORE_ALL =
      new Point(Long.MIN_VALUE, Long.MIN_VALUE, Double.NEGATIVE_INFINITY);

  /** Comes after every point. */
  static final Point AFTER_ALL = new Point(Long.MAX_VALUE, Long.MAX_VALUE, Double.NaN);

  private static final Comparator<Point> BY_KEY =
      Comparator.comparingLong(Point::step)
          .thenComparingLong(Point::time)
          .thenComparing(Point::compareValues);

  @Override
  public int compareTo(Point other) {
    return BY_KEY.compare(this, other);
  }

  boolean isFinite() {
    return Double.isFinite(value);
  }

  private static int compareValues(Point a, Point b) {
    return a.value == b.value ? 0 : Double.compare(a.value, b.value);
  }
}
