package dev.unmask.registry.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one curve is read: buckets of one level where they lie in the span as a whole, and the points
 * around them, among those the ones that no summary holds yet.
 *
 * @param level of the buckets; -1 when all is read as points
 */
record CurvePlan(Series series, Span span, Extent extent, int level) {
  private static final int NO_BUCKETS = -1;

  /** Points between two others, both included. */
  record Segment(Point low, Point high) {}

  static CurvePlan ofPoints(Series series, Span span, Extent extent) {
    return new CurvePlan(series, span, extent, NO_BUCKETS);
  }

  /** By the highest level that has half as many buckets again as are wanted. */
  static CurvePlan ofBuckets(Series series, Span span, Extent extent, int wanted) {
    for (int level = Level.TOP; level >= 0; level--) {
      int count = extent.count(level);
      if (2 * count >= 3 * wanted || (level == 0 && count > 0)) {
        return new CurvePlan(series, span, extent, level);
      }
    }
    return ofPoints(series, span, extent);
  }

  int buckets() {
    return level == NO_BUCKETS ? 0 : extent.count(level);
  }

  /**
   * Where points have to be read. The ends that a bucket holds come along and are left out by
   * {@link #isBetween}.
   */
  List<Segment> segments(List<Bucket> buckets) {
    List<Segment> segments = new ArrayList<>();
    Point behind = extent.touchingStart();
    if (!buckets.isEmpty()) {
      if (extent.firstTouching() < Level.below(level, extent.first(level))) {
        add(segments, behind, buckets.getFirst().first());
      }
      behind = buckets.getLast().last();
    }
    if (behind != null && extent.lastTouching() == extent.newest()) {
      add(segments, behind, Point.AFTER_ALL);
      return segments;
    }
    if (behind != null) {
      add(segments, behind, Objects.requireNonNull(extent.touchingEnd()));
    }
    Point end = extent.end();
    add(segments, end == null ? Point.BEFORE_ALL : end, Point.AFTER_ALL);
    return segments;
  }

  /** Whether a bucket holds the point. */
  static boolean isBetween(Point point, List<Bucket> buckets) {
    return !buckets.isEmpty()
        && point.compareTo(buckets.getFirst().first()) >= 0
        && point.compareTo(buckets.getLast().last()) <= 0;
  }

  private void add(List<Segment> segments, @Nullable Point low, Point high) {
    Point lowest = low == null || low.compareTo(span.lowest()) < 0 ? span.lowest() : low;
    Point highest = high.compareTo(span.highest()) > 0 ? span.highest() : high;
    if (lowest.compareTo(highest) <= 0) {
      segments.add(new Segment(lowest, highest));
    }
  }
}
