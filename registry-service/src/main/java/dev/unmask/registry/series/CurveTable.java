package dev.unmask.registry.series;

import dev.unmask.registry.series.CurvePlan.Segment;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Reads many curves by one statement each; the caller owns the transaction. */
@Component
class CurveTable {
  private static final int ROWS_AT_ONCE = 5_000;

  private final JdbcTemplate jdbc;

  CurveTable(JdbcTemplate jdbc) {
    this.jdbc = new JdbcTemplate(Objects.requireNonNull(jdbc.getDataSource()));
    this.jdbc.setFetchSize(ROWS_AT_ONCE);
  }

  /** Takes points curve by curve, those of a curve in the order of their key. */
  interface Sink {
    void put(int curve, Point point);
  }

  /**
   * What the summaries know, by curve.
   *
   * @param spans all by time or all by step
   */
  List<Extent> extents(List<Series> series, List<Span> spans) {
    if (series.isEmpty()) {
      return List.of();
    }
    return jdbc.query(
        ExtentSql.text(spans.getFirst().byTime()),
        (row, number) -> extent(row),
        longs(series, Series::id),
        dirtyFrom(series),
        longs(spans, Span::from),
        longs(spans, Span::to));
  }

  private static Extent extent(ResultSet row) throws SQLException {
    return new Extent(
        row.getInt(1),
        row.getInt(2),
        row.getInt(3),
        row.getLong(4),
        row.getInt(5),
        row.getInt(6),
        row.getInt(7),
        row.getInt(8),
        row.getInt(9),
        row.getBoolean(10),
        BucketTable.pointOrNull(row, 11),
        BucketTable.pointOrNull(row, 14),
        BucketTable.pointOrNull(row, 17));
  }

  /** The buckets of the plans, by plan and in order. */
  List<List<Bucket>> buckets(List<CurvePlan> plans) {
    List<List<Bucket>> buckets = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      buckets.add(new ArrayList<>());
      if (plans.get(i).buckets() > 0) {
        places.add(i);
      }
    }
    if (!places.isEmpty()) {
      List<CurvePlan> read = places.stream().map(plans::get).toList();
      jdbc.query(
          "SELECT w.place, "
              + BucketTable.COLUMNS
              + " FROM unnest(?, ?, ?, ?, ?) AS w (place, id, level, low, high)"
              + " CROSS JOIN LATERAL (SELECT * FROM metric_buckets WHERE series_id = w.id"
              + " AND level = w.level AND ordinal BETWEEN w.low AND w.high ORDER BY ordinal) b",
          row -> {
            buckets.get(row.getInt(1)).add(BucketTable.bucket(row, 2));
          },
          places.toArray(Integer[]::new),
          longs(read, plan -> plan.series().id()),
          ints(read, CurvePlan::level),
          ints(read, plan -> plan.extent().first(plan.level())),
          ints(read, plan -> plan.extent().last(plan.level())));
      buckets.forEach(list -> list.sort(Comparator.comparing(Bucket::first)));
    }
    return buckets;
  }

  /**
   * The points of the plans' segments. The statement can only be run segment by segment, each by
   * the index of the key: so they come in order without being sorted.
   */
  void points(List<CurvePlan> plans, List<List<Segment>> segments, Sink sink) {
    List<Integer> places = new ArrayList<>();
    List<CurvePlan> read = new ArrayList<>();
    List<Segment> all = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      for (Segment segment : segments.get(i)) {
        places.add(i);
        read.add(plans.get(i));
        all.add(segment);
      }
    }
    jdbc.query(
        "SELECT w.place, p.step, p.\"timestamp\", p.value"
            + " FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS w (place, id, low_step, low_time,"
            + " low_value, high_step, high_time, high_value, from_time, to_time)"
            + " CROSS JOIN LATERAL (SELECT q.step, q.\"timestamp\", q.value FROM metric_points q"
            + " WHERE q.series_id = w.id AND (q.step, q.\"timestamp\", q.value)"
            + " >= (w.low_step, w.low_time, w.low_value) AND (q.step, q.\"timestamp\", q.value)"
            + " <= (w.high_step, w.high_time, w.high_value)"
            + " AND q.\"timestamp\" BETWEEN w.from_time AND w.to_time"
            + " ORDER BY q.step, q.\"timestamp\", q.value) p",
        row -> {
          sink.put(row.getInt(1), point(row, 2));
        },
        places.toArray(Integer[]::new),
        longs(read, plan -> plan.series().id()),
        longs(all, segment -> segment.low().step()),
        longs(all, segment -> segment.low().time()),
        all.stream().map(segment -> segment.low().value()).toArray(Double[]::new),
        longs(all, segment -> segment.high().step()),
        longs(all, segment -> segment.high().time()),
        all.stream().map(segment -> segment.high().value()).toArray(Double[]::new),
        longs(read, plan -> plan.span().fromTime()),
        longs(read, plan -> plan.span().toTime()));
  }

  /** The points of a span by time, step and value, for a series whose order is another. */
  void pointsByTime(Series series, Span span, Sink sink) {
    jdbc.query(
        "SELECT step, \"timestamp\", value FROM metric_points WHERE series_id = ?"
            + " AND \"timestamp\" BETWEEN ? AND ? ORDER BY \"timestamp\", step, value",
        row -> {
          sink.put(0, point(row, 1));
        },
        series.id(),
        span.fromTime(),
        span.toTime());
  }

  private static Point point(ResultSet row, int column) throws SQLException {
    return new Point(row.getLong(column), row.getLong(column + 1), row.getDouble(column + 2));
  }

  private static @Nullable Long[] dirtyFrom(List<Series> series) {
    @Nullable Long[] steps = new @Nullable Long[series.size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = series.get(i).dirtyFrom();
    }
    return steps;
  }

  private static <T> Long[] longs(List<T> items, Function<T, Long> field) {
    return items.stream().map(field).toArray(Long[]::new);
  }

  private static <T> Integer[] ints(List<T> items, Function<T, Integer> field) {
    return items.stream().map(field).toArray(Integer[]::new);
  }
}
