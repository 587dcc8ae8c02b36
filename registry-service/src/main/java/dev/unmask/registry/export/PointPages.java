package dev.unmask.registry.export;

import dev.unmask.registry.api.ExportsApi.ExportedPoint;
import dev.unmask.registry.run.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Points of many runs' metrics, a page at a time behind the last one: no connection is held while a
 * slow client reads.
 */
@Component
class PointPages {
  private static final int MOST = 10_000;

  private final JdbcTemplate jdbc;

  PointPages(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param series the metrics that are read, run by run
   * @param last the point that the next page begins behind, null at the start
   */
  record Position(List<Metric> series, @Nullable Last last) {}

  record Metric(long id, String run, String key) {}

  record Last(long series, long step, long timestamp, double value) {}

  /**
   * @param next null when these were the last ones
   */
  record Piece(List<ExportedPoint> points, @Nullable Position next) {}

  /**
   * Where the points of the runs begin.
   *
   * @param keys null for all metrics
   */
  Position start(List<Run> runs, @Nullable List<String> keys) {
    Map<Long, String> ids = new HashMap<>();
    runs.forEach(run -> ids.put(run.uid(), run.runId()));
    List<Object> parameters = new ArrayList<>();
    parameters.add(runs.stream().map(Run::uid).toArray(Long[]::new));
    if (keys != null) {
      parameters.add(keys.toArray(String[]::new));
    }
    List<Metric> series =
        jdbc.query(
            "SELECT s.id, s.run_uid, s.key FROM metric_series s WHERE s.run_uid = ANY (?)"
                + (keys == null ? "" : " AND s.key = ANY (?)")
                + " ORDER BY s.id",
            (row, number) ->
                new Metric(row.getLong(1), ids.getOrDefault(row.getLong(2), ""), row.getString(3)),
            parameters.toArray());
    return new Position(series, null);
  }

  Piece read(Position from) {
    Map<Long, Metric> metrics = new HashMap<>();
    Last last = from.last();
    for (Metric metric : from.series()) {
      if (last == null || metric.id() >= last.series()) {
        metrics.put(metric.id(), metric);
      }
    }
    List<Last> found = points(metrics.keySet().toArray(Long[]::new), last);
    List<ExportedPoint> points = new ArrayList<>(found.size());
    for (Last point : found) {
      Metric metric = metrics.get(point.series());
      if (metric != null) {
        points.add(
            new ExportedPoint(
                metric.run(), metric.key(), point.step(), point.timestamp(), point.value()));
      }
    }
    return new Piece(
        points, found.size() < MOST ? null : new Position(from.series(), found.getLast()));
  }

  private List<Last> points(Long[] series, @Nullable Last after) {
    List<Object> parameters = new ArrayList<>();
    parameters.add(series);
    if (after != null) {
      parameters.addAll(List.of(after.series(), after.step(), after.timestamp(), after.value()));
    }
    parameters.add(MOST);
    return jdbc.query(
        "SELECT p.series_id, p.step, p.\"timestamp\", p.value FROM metric_points p"
            + " WHERE p.series_id = ANY (?)"
            + (after == null
                ? ""
                : " AND (p.series_id, p.step, p.\"timestamp\", p.value) > (?, ?, ?, ?)")
            + " ORDER BY p.series_id, p.step, p.\"timestamp\", p.value LIMIT ?",
        (row, number) -> new Last(row.getLong(1), row.getLong(2), row.getLong(3), row.getDouble(4)),
        parameters.toArray());
  }
}
