package dev.unmask.registry.series;

import dev.unmask.registry.api.SeriesApi.Axis;
import org.jspecify.annotations.Nullable;

/**
 * The part of a series that is asked for, both ends included.
 *
 * @param byTime whether the ends are times, in milliseconds since the epoch; else steps
 */
record Span(boolean byTime, long from, long to) {

  /**
   * @param runStart what relative times count from
   */
  static Span of(Axis axis, @Nullable Long from, @Nullable Long to, long runStart) {
    long origin = axis == Axis.RELATIVE ? runStart : 0;
    return new Span(
        axis != Axis.STEP,
        from == null ? Long.MIN_VALUE : plus(from, origin),
        to == null ? Long.MAX_VALUE : plus(to, origin));
  }

  /** The lowest point that may lie in the span. */
  Point lowest() {
    return byTime ? Point.BEFORE_ALL : new Point(from, Long.MIN_VALUE, Double.NEGATIVE_INFINITY);
  }

  /** The highest point that may lie in the span. */
  Point highest() {
    return byTime ? Point.AFTER_ALL : new Point(to, Long.MAX_VALUE, Double.NaN);
  }

  long fromTime() {
    return byTime ? from : Long.MIN_VALUE;
  }

  long toTime() {
    return byTime ? to : Long.MAX_VALUE;
  }

  /** The sum, or the limit that it is beyond. */
  private static long plus(long a, long b) {
    long sum = a + b;
    boolean overflows = ((a ^ sum) & (b ^ sum)) < 0;
    return overflows ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }
}
