package dev.unmask.registry.metric;

import dev.unmask.support.observability.MetricNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Metric points in bulk. Each statement takes all points of a call, and repeating a call changes
 * nothing; the caller owns the transaction.
 */
@Component
public class MetricStore {
  private final JdbcTemplate jdbc;
  private final Counter written;

  MetricStore(JdbcTemplate jdbc, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.written =
        Counter.builder(MetricNames.REGISTRY_METRIC_POINTS)
            .description("metric points written, repeated ones not counted")
            .register(meters);
  }

  public void append(long runUid, List<MetricPoint> points) {
    if (points.isEmpty()) {
      return;
    }
    keepLatest(runUid, points);
    Map<String, Long> series = seriesOf(runUid);
    int size = points.size();
    Long[] ids = new Long[size];
    Long[] timestamps = new Long[size];
    Long[] steps = new Long[size];
    Double[] values = new Double[size];
    for (int i = 0; i < size; i++) {
      MetricPoint point = points.get(i);
      ids[i] = Objects.requireNonNull(series.get(point.key()));
      timestamps[i] = point.timestamp();
      steps[i] = point.step();
      values[i] = point.value();
    }
    int added =
        jdbc.update(
            "INSERT INTO metric_points (series_id, \"timestamp\", step, value)"
                + " SELECT * FROM unnest(?, ?, ?, ?) ON CONFLICT DO NOTHING",
            ids,
            timestamps,
            steps,
            values);
    written.increment(added);
  }

  /** The latest point of each key, by run uid; runs without metrics are absent. */
  public Map<Long, List<MetricPoint>> latest(Collection<Long> runUids) {
    return latest(runUids, null);
  }

  /**
   * The latest point of each of the keys, sorted by key, by run uid.
   *
   * @param keys null for all of them
   */
  public Map<Long, List<MetricPoint>> latest(
      Collection<Long> runUids, @Nullable Collection<String> keys) {
    Map<Long, List<MetricPoint>> latest = new HashMap<>();
    if (runUids.isEmpty() || (keys != null && keys.isEmpty())) {
      return latest;
    }
    List<Object> parameters = new ArrayList<>();
    parameters.add(runUids.toArray(Long[]::new));
    if (keys != null) {
      parameters.add(keys.toArray(String[]::new));
    }
    jdbc.query(
        "SELECT key, latest_value, latest_timestamp, latest_step, run_uid FROM metric_series"
            + " WHERE run_uid = ANY (?)"
            + (keys == null ? "" : " AND key = ANY (?)"),
        row -> {
          latest.computeIfAbsent(row.getLong(5), uid -> new ArrayList<>()).add(point(row));
        },
        parameters.toArray());
    // Sorted here: by the database's collation the same costs more than reading the rows.
    latest.values().forEach(points -> points.sort(Comparator.comparing(MetricPoint::key)));
    return latest;
  }

  /** Points of one key, sorted by timestamp, step and value. */
  public List<MetricPoint> history(long runUid, String key, long offset, int most) {
    return jdbc.query(
        "SELECT s.key, p.value, p.\"timestamp\", p.step FROM metric_points p"
            + " JOIN metric_series s ON s.id = p.series_id WHERE s.run_uid = ? AND s.key = ?"
            + " ORDER BY p.\"timestamp\", p.step, p.value LIMIT ? OFFSET ?",
        (row, number) -> point(row),
        runUid,
        key,
        most,
        offset);
  }

  private static MetricPoint point(ResultSet row) throws SQLException {
    return new MetricPoint(row.getString(1), row.getDouble(2), row.getLong(3), row.getLong(4));
  }

  /** The greatest by step, timestamp and value is the latest, not the last to arrive. */
  private void keepLatest(long runUid, List<MetricPoint> points) {
    // In key order, so that two writers of one run wait for each other instead of deadlocking.
    SortedMap<String, MetricPoint> latest = new TreeMap<>();
    for (MetricPoint point : points) {
      latest.merge(point.key(), point, (a, b) -> isLater(b, a) ? b : a);
    }
    List<MetricPoint> rows = List.copyOf(latest.values());
    jdbc.update(
        "INSERT INTO metric_series AS s"
            + " (run_uid, experiment_uid, key, latest_step, latest_timestamp, latest_value)"
            + " SELECT r.uid, e.uid, t.* FROM runs r JOIN experiments e"
            + " ON e.team_id = r.team_id AND e.number = r.experiment_number,"
            + " unnest(?, ?, ?, ?) AS t WHERE r.uid = ? ON CONFLICT (run_uid, key) DO UPDATE"
            + " SET latest_step = excluded.latest_step,"
            + " latest_timestamp = excluded.latest_timestamp,"
            + " latest_value = excluded.latest_value"
            + " WHERE (excluded.latest_step, excluded.latest_timestamp, excluded.latest_value)"
            + " > (s.latest_step, s.latest_timestamp, s.latest_value)",
        rows.stream().map(MetricPoint::key).toArray(String[]::new),
        rows.stream().map(MetricPoint::step).toArray(Long[]::new),
        rows.stream().map(MetricPoint::timestamp).toArray(Long[]::new),
        rows.stream().map(MetricPoint::value).toArray(Double[]::new),
        runUid);
  }

  private Map<String, Long> seriesOf(long runUid) {
    Map<String, Long> ids = new HashMap<>();
    jdbc.query(
        "SELECT key, id FROM metric_series WHERE run_uid = ?",
        row -> {
          ids.put(row.getString(1), row.getLong(2));
        },
        runUid);
    return ids;
  }

  private static boolean isLater(MetricPoint a, MetricPoint b) {
    int byStep = Long.compare(a.step(), b.step());
    int byTime = byStep != 0 ? byStep : Long.compare(a.timestamp(), b.timestamp());
    return (byTime != 0 ? byTime : Double.compare(a.value(), b.value())) > 0;
  }
}
