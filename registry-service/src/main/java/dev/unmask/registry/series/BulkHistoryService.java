package dev.unmask.registry.series;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** One metric of many runs at once, as the charts of MLflow's web UI ask for it. */
@Service
public class BulkHistoryService {
  private static final String RUNS = " FROM unnest(?, ?) WITH ORDINALITY AS s (id, run_id, place)";

  private final SeriesLookup lookup;
  private final JdbcTemplate jdbc;

  BulkHistoryService(SeriesLookup lookup, JdbcTemplate jdbc) {
    this.lookup = lookup;
    this.jdbc = jdbc;
  }

  /** A point and the run that logged it. */
  public record RunPoint(String runId, Point point) {}

  /** Steps of a sample, both included. */
  public record Steps(long from, long to) {
    public static final Steps ALL = new Steps(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /**
   * All points of the runs, sorted by run id, time, step and value.
   *
   * @param most points at most, of all runs together
   */
  @Transactional(readOnly = true)
  public List<RunPoint> all(String teamId, List<String> runIds, String key, int most) {
    List<Series> series =
        lookup.find(teamId, runIds, List.of(key)).stream()
            .sorted(Comparator.comparing(Series::runId))
            .toList();
    return jdbc.query(
        "SELECT s.run_id, p.step, p.\"timestamp\", p.value"
            + RUNS
            + " CROSS JOIN LATERAL (SELECT q.step, q.\"timestamp\", q.value FROM metric_points q"
            + " WHERE q.series_id = s.id ORDER BY q.\"timestamp\", q.step, q.value LIMIT ?) p"
            + " ORDER BY s.place, p.\"timestamp\", p.step, p.value LIMIT ?",
        (row, number) -> point(row),
        ids(series),
        runIds(series),
        most,
        most);
  }

  /**
   * Points at the same steps of all runs: evenly many of the steps that any of them has, and each
   * run's first and last. Sorted by step, then by run as asked, time and value.
   *
   * @param steps how many steps, the first and last of runs not counted
   * @param most points of a run at most
   */
  @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
  public List<RunPoint> sample(
      String teamId, List<String> runIds, String key, Steps range, int steps, int most) {
    List<Series> series = lookup.find(teamId, runIds, List.of(key));
    Long[] sampled = sampledSteps(series, range, steps);
    return jdbc.query(
        "SELECT s.run_id, p.step, p.\"timestamp\", p.value"
            + RUNS
            + " CROSS JOIN LATERAL (SELECT q.step, q.\"timestamp\", q.value FROM metric_points q"
            + " WHERE q.series_id = s.id AND q.step = ANY (?)"
            + " ORDER BY q.step, q.\"timestamp\", q.value LIMIT ?) p"
            + " ORDER BY p.step, s.place, p.\"timestamp\", p.value",
        (row, number) -> point(row),
        ids(series),
        runIds(series),
        sampled,
        most);
  }

  /** The i-th of n sampled steps is the one at the place floor(i * steps / n) of all. */
  private Long[] sampledSteps(List<Series> series, Steps range, int most) {
    List<Long> found =
        jdbc.query(
            "WITH steps AS (SELECT DISTINCT step FROM metric_points"
                + " WHERE series_id = ANY (?) AND step BETWEEN ? AND ?),"
                + " placed AS (SELECT step, row_number() OVER (ORDER BY step) - 1 AS place,"
                + " count(*) OVER () AS steps FROM steps)"
                + " SELECT step FROM placed WHERE steps <= ?"
                + " OR (place * ? + steps - 1) / steps * steps < (place + 1) * ?"
                + " UNION SELECT e.step FROM unnest(?) AS s (id) CROSS JOIN LATERAL"
                + " (SELECT min(q.step) AS step FROM metric_points q"
                + " WHERE q.series_id = s.id AND q.step BETWEEN ? AND ? UNION ALL"
                + " SELECT max(q.step) FROM metric_points q"
                + " WHERE q.series_id = s.id AND q.step BETWEEN ? AND ?) e"
                + " WHERE e.step IS NOT NULL",
            (row, number) -> row.getLong(1),
            ids(series),
            range.from(),
            range.to(),
            most,
            most,
            most,
            ids(series),
            range.from(),
            range.to(),
            range.from(),
            range.to());
    return found.toArray(Long[]::new);
  }

  private static RunPoint point(ResultSet row) throws SQLException {
    return new RunPoint(
        row.getString(1), new Point(row.getLong(2), row.getLong(3), row.getDouble(4)));
  }

  private static Long[] ids(List<Series> series) {
    return series.stream().map(Series::id).toArray(Long[]::new);
  }

  private static String[] runIds(List<Series> series) {
    return series.stream().map(Series::runId).toArray(String[]::new);
  }
}
