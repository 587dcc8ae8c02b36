package dev.unmask.registry.series;

import dev.unmask.registry.series.Bucket.NonFinite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a bucket has to hold, found by looking at all of its points. */
final class Naive {

  private Naive() {}

  static Bucket bucket(List<Point> points) {
    boolean inTime = true;
    for (int i = 1; i < points.size(); i++) {
      inTime &= points.get(i).time() >= points.get(i - 1).time();
    }
    return new Bucket(
        points.size(),
        points.getFirst(),
        points.getLast(),
        least(points, 1),
        least(points, -1),
        points.stream().mapToLong(Point::time).min().orElseThrow(),
        points.stream().mapToLong(Point::time).max().orElseThrow(),
        nonFinite(points),
        inTime);
  }

  private static NonFinite nonFinite(List<Point> points) {
    return new NonFinite(
        points.stream().filter(p -> Double.isNaN(p.value())).count(),
        points.stream().filter(p -> p.value() == Double.POSITIVE_INFINITY).count(),
        points.stream().filter(p -> p.value() == Double.NEGATIVE_INFINITY).count());
  }

  /** The first of the points of the least value, or of the greatest by the sign -1. */
  private static @Nullable Point least(List<Point> points, int sign) {
    Point least = null;
    for (Point point : points) {
      if (point.isFinite() && (least == null || sign * point.value() < sign * least.value())) {
        least = point;
      }
    }
    return least;
  }
}
