package dev.unmask.registry.metric;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What some points change in the series of their keys, as columns in the order of the keys: two
 * writers of one run then wait for each other instead of deadlocking.
 */
final class SeriesChanges {
  /** As PostgreSQL compares: NaN is the greatest value, -0 and 0 are equal. */
  private static final Comparator<MetricPoint> LATER =
      Comparator.comparingLong(MetricPoint::step)
          .thenComparingLong(MetricPoint::timestamp)
          .thenComparing(SeriesChanges::compareValues);

  private final SortedMap<String, Change> byKey;

  private SeriesChanges(SortedMap<String, Change> byKey) {
    this.byKey = byKey;
  }

  static SeriesChanges of(List<MetricPoint> points) {
    SortedMap<String, Change> byKey = new TreeMap<>();
    for (MetricPoint point : points) {
      byKey.computeIfAbsent(point.key(), key -> new Change(point)).add(point);
    }
    int number = 0;
    for (Change change : byKey.values()) {
      change.number = ++number;
    }
    return new SeriesChanges(byKey);
  }

  String[] keys() {
    return byKey.keySet().toArray(String[]::new);
  }

  long[] latestSteps() {
    return longs(change -> change.latest.step());
  }

  long[] latestTimestamps() {
    return longs(change -> change.latest.timestamp());
  }

  double[] latestValues() {
    ToDoubleFunction<Change> value = change -> change.latest.value();
    return byKey.values().stream().mapToDouble(value).toArray();
  }

  long[] lowestSteps() {
    return longs(change -> change.lowestStep);
  }

  /** For each point the place of its key among {@link #keys}, from 1 as SQL counts. */
  int[] numbersOf(List<MetricPoint> points) {
    Map<String, Change> changes = byKey;
    return points.stream()
        .mapToInt(point -> Objects.requireNonNull(changes.get(point.key())).number)
        .toArray();
  }

  private long[] longs(ToLongFunction<Change> column) {
    return byKey.values().stream().mapToLong(column).toArray();
  }

  private static int compareValues(MetricPoint a, MetricPoint b) {
    return a.value() == b.value() ? 0 : Double.compare(a.value(), b.value());
  }

  private static final class Change {
    private MetricPoint latest;
    private long lowestStep;
    private int number;

    Change(MetricPoint first) {
      this.latest = first;
      this.lowestStep = first.step();
    }

    void add(MetricPoint point) {
      // Of equal ones the first stays, as it does in the table.
      latest = LATER.compare(point, latest) > 0 ? point : latest;
      lowestStep = Math.min(lowestStep, point.step());
    }
  }
}
