package dev.unmask.registry.metric;

import dev.unmask.registry.database.StatementGroup;
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
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Metric points in bulk. Each statement takes all points of a call, and repeating a call changes no
 * point; the caller owns the transaction.
 */
@Component
public class MetricStore {
  private static final String IS_LATER =
      "(excluded.latest_step, excluded.latest_timestamp, excluded.latest_value)"
          + " > (s.latest_step, s.latest_timestamp, s.latest_value)";

  /**
   * The greatest by step, timestamp and value is the latest, not the last to arrive. The row is
   * written even when its latest point stays: a reader that holds its lock then knows that no
   * points are on their way.
   */
  private static final String SERIES =
      "INSERT INTO metric_series AS s"
          + " (run_uid, experiment_uid, key, latest_step, latest_timestamp, latest_value,"
          + " dirty_from_step) SELECT r.uid, e.uid, g.* FROM runs r JOIN experiments e"
          + " ON e.team_id = r.team_id AND e.number = r.experiment_number"
          + " CROSS JOIN unnest(?, ?, ?, ?, ?) AS g WHERE r.uid = ?"
          + " ON CONFLICT (run_uid, key) DO UPDATE SET "
          + ifLater("latest_step")
          + ifLater("latest_timestamp")
          + ifLater("latest_value")
          + "dirty_from_step = least(s.dirty_from_step, excluded.dirty_from_step)";

  /** Each key is looked up once, whatever the number of its points. */
  private static final String POINTS =
      "INSERT INTO metric_points (series_id, \"timestamp\", step, value)"
          + " SELECT (ARRAY(SELECT (SELECT s.id FROM metric_series s"
          + " WHERE s.run_uid = ? AND s.key = k.key)"
          + " FROM unnest(?) WITH ORDINALITY AS k (key, number) ORDER BY k.number))[p.series],"
          + " p.\"timestamp\", p.step, p.value"
          + " FROM unnest(?, ?, ?, ?) AS p (series, \"timestamp\", step, value)"
          + " ON CONFLICT DO NOTHING";

  private final JdbcTemplate jdbc;
  private final Counter written;

  MetricStore(JdbcTemplate jdbc, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.written =
        Counter.builder(MetricNames.REGISTRY_METRIC_POINTS)
            .description("metric points written, repeated ones not counted")
            .register(meters);
  }

  /**
   * Adds the statements that store the points; a point that is stored already stays as it is. The
   * caller holds the lock of the run.
   */
  public void append(StatementGroup statements, long runUid, List<MetricPoint> points) {
    if (points.isEmpty()) {
      return;
    }
    SeriesChanges series = SeriesChanges.of(points);
    statements.add(
        SERIES,
        series.keys(),
        series.latestSteps(),
        series.latestTimestamps(),
        series.latestValues(),
        series.lowestSteps(),
        runUid);
    statements.addCounted(
        written::increment,
        POINTS,
        runUid,
        series.keys(),
        series.numbersOf(points),
        points.stream().mapToLong(MetricPoint::timestamp).toArray(),
        points.stream().mapToLong(MetricPoint::step).toArray(),
        points.stream().mapToDouble(MetricPoint::value).toArray());
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

  private static String ifLater(String column) {
    return column
        + " = CASE WHEN "
        + IS_LATER
        + " THEN excluded."
        + column
        + " ELSE s."
        + column
        + " END, ";
  }

  private static MetricPoint point(ResultSet row) throws SQLException {
    return new MetricPoint(row.getString(1), row.getDouble(2), row.getLong(3), row.getLong(4));
  }
}
