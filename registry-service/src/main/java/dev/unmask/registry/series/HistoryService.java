package dev.unmask.registry.series;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Whole histories in the order of time, step and value, a piece at a time: neither this service nor
 * the database holds a million points, and no connection waits for a slow client.
 */
@Service
public class HistoryService {
  private static final int IN_ORDER = 10_000;

  /** So many PostgreSQL sorts in memory by its default settings. */
  private static final int SORTED = 50_000;

  private final SeriesLookup lookup;
  private final PointTable points;
  private final JdbcTemplate jdbc;

  HistoryService(SeriesLookup lookup, PointTable points, JdbcTemplate jdbc) {
    this.lookup = lookup;
    this.points = points;
    this.jdbc = jdbc;
  }

  /**
   * @param next where the next piece begins; null when there is none
   */
  public record Piece(List<Point> points, @Nullable HistoryToken next) {}

  /**
   * The series of a metric of a run.
   *
   * @return absent when the run has no such metric
   * @throws dev.unmask.support.error.UnmaskException when the team has no such run
   */
  @Transactional(readOnly = true)
  public OptionalLong find(String teamId, String runId, String key) {
    return lookup.find(teamId, List.of(runId), List.of(key)).stream()
        .mapToLong(Series::id)
        .findFirst();
  }

  /**
   * The points behind a position, as many as are good to read at once.
   *
   * @param series as found for the caller's team
   * @param most how many the caller wants, at least 1
   */
  @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
  public Piece read(long series, @Nullable HistoryToken after, long most) {
    Point last = after == null ? Point.BEFORE_ALL : after.last();
    long skipped = after == null ? 0 : after.skipped();
    boolean inTime = isInTime(series);
    int size = (int) Math.min(most, inTime ? IN_ORDER : SORTED);
    List<Point> found =
        inTime
            ? points.following(series, last, skipped, size + 1)
            : points.later(series, last, skipped, size + 1);
    if (found.size() <= size) {
      return new Piece(found, null);
    }
    List<Point> page = found.subList(0, size);
    return new Piece(page, new HistoryToken(page.getLast()));
  }

  /**
   * Whether the points' times never fall with their steps, as the summary proves: then the order of
   * the key is the order of a history, and nothing has to be sorted. Without a current summary
   * there is no proof; the points are then sorted, which costs time but gives the same answer.
   */
  private boolean isInTime(long series) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "SELECT s.dirty_from_step IS NULL AND coalesce((SELECT bool_and(b.in_time"
                + " AND coalesce(b.first_time >= b.before, true)) FROM (SELECT in_time, first_time,"
                + " lag(last_time) OVER (ORDER BY ordinal) AS before FROM metric_buckets"
                + " WHERE series_id = s.id AND level = ?) b), false)"
                + " FROM metric_series s WHERE s.id = ?",
            Boolean.class,
            Level.TOP,
            series));
  }
}
