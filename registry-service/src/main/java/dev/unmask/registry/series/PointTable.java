package dev.unmask.registry.series;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The stored points, read in the order of their key; the caller owns the transaction. */
@Component
class PointTable {
  private static final String KEY = "(p.step, p.\"timestamp\", p.value)";
  private static final String BY_KEY = " ORDER BY p.step, p.\"timestamp\", p.value";

  private final JdbcTemplate jdbc;

  PointTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Points behind one, by key, but for the first of them. */
  List<Point> following(long series, Point after, long skipped, int most) {
    return jdbc.query(
        "SELECT p.step, p.\"timestamp\", p.value FROM metric_points p WHERE p.series_id = ? AND "
            + KEY
            + " > (?, ?, ?)"
            + BY_KEY
            + " OFFSET ? LIMIT ?",
        (row, number) -> point(row),
        series,
        after.step(),
        after.time(),
        after.value(),
        skipped,
        most);
  }

  /** Points behind one in the order of time, step and value, but for the first of them. */
  List<Point> later(long series, Point after, long skipped, int most) {
    return jdbc.query(
        "SELECT p.step, p.\"timestamp\", p.value FROM metric_points p WHERE p.series_id = ?"
            + " AND (p.\"timestamp\", p.step, p.value) > (?, ?, ?)"
            + " ORDER BY p.\"timestamp\", p.step, p.value OFFSET ? LIMIT ?",
        (row, number) -> point(row),
        series,
        after.time(),
        after.step(),
        after.value(),
        skipped,
        most);
  }

  /** How many points lie behind one, up to and with another. */
  long count(long series, Point after, Point upTo) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "SELECT count(*) FROM metric_points p WHERE p.series_id = ? AND "
                + KEY
                + " > (?, ?, ?) AND "
                + KEY
                + " <= (?, ?, ?)",
            Long.class,
            series,
            after.step(),
            after.time(),
            after.value(),
            upTo.step(),
            upTo.time(),
            upTo.value()));
  }

  private static Point point(ResultSet row) throws SQLException {
    return new Point(row.getLong(1), row.getLong(2), row.getDouble(3));
  }
}
