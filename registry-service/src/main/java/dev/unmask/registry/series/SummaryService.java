package dev.unmask.registry.series;

import dev.unmask.registry.series.BucketTable.End;
import dev.unmask.registry.series.BucketTable.Placed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps the summaries of series. Writers lock the row of a series before they add points to it, so
 * under that lock there are no points on their way: what is summarised then is complete, and the
 * mark that writers leave can be cleared. Locks are held for a bounded number of points.
 */
@Service
class SummaryService {
  /** Shorter series are read as they are. */
  static final int SHORT = 256;

  private static final int SERIES = 200;
  private static final int POINTS = 16_384;

  private final JdbcTemplate jdbc;
  private final PointTable points;
  private final BucketTable buckets;

  SummaryService(JdbcTemplate jdbc, PointTable points, BucketTable buckets) {
    this.jdbc = jdbc;
    this.points = points;
    this.buckets = buckets;
  }

  /**
   * @param last the last series looked at; null when there was none left
   * @param remaining those that need a summary
   */
  record Due(@Nullable Long last, List<Long> remaining) {}

  /** Looks at the next series that were written to; short ones are settled at once. */
  @Transactional
  public Due settle(long after) {
    List<Long> due =
        jdbc.query(
            "SELECT id FROM metric_series WHERE dirty_from_step IS NOT NULL AND id > ?"
                + " ORDER BY id LIMIT ?",
            (row, number) -> row.getLong(1),
            after,
            SERIES);
    if (due.isEmpty()) {
      return new Due(null, List.of());
    }
    Set<Long> settled = new HashSet<>(clearShort(due));
    return new Due(due.getLast(), due.stream().filter(id -> !settled.contains(id)).toList());
  }

  /** The points are counted by a statement of its own, which sees all that came before the lock. */
  private List<Long> clearShort(List<Long> due) {
    List<Long> locked =
        jdbc.query(
            "SELECT id FROM metric_series WHERE id = ANY (?) FOR NO KEY UPDATE SKIP LOCKED",
            (row, number) -> row.getLong(1),
            (Object) due.toArray(Long[]::new));
    return jdbc.query(
        "UPDATE metric_series s SET dirty_from_step = NULL WHERE s.id = ANY (?)"
            + " AND NOT EXISTS (SELECT 1 FROM metric_buckets b WHERE b.series_id = s.id)"
            + " AND (SELECT count(*) FROM (SELECT 1 FROM metric_points p WHERE p.series_id = s.id"
            + " LIMIT ?) few) < ? RETURNING s.id",
        (row, number) -> row.getLong(1),
        locked.toArray(Long[]::new),
        SHORT,
        SHORT);
  }

  /**
   * Summarises the next points of a series.
   *
   * @return whether there are more
   */
  @Transactional
  public boolean summarise(long series) {
    Long dirty = tryClaim(series) ? lock(series) : null;
    if (dirty == null) {
      return false;
    }
    End sound = sound(series, dirty);
    int start = sound.ordinal() + 1;
    buckets.removeFrom(series, start);
    List<Placed> made = new ArrayList<>();
    PyramidBuilder builder =
        new PyramidBuilder(
            start,
            buckets.siblings(series, start),
            (level, ordinal, bucket) -> made.add(new Placed(level, ordinal, bucket)));
    Fed fed = feed(series, sound.last(), builder);
    if (start > 0 || fed.next() != null || fed.points() >= SHORT) {
      builder.finish();
      buckets.add(series, made);
    }
    jdbc.update("UPDATE metric_series SET dirty_from_step = ? WHERE id = ?", fed.next(), series);
    return fed.next() != null;
  }

  /** Of several replicas one works on a series, until its transaction ends. */
  private boolean tryClaim(long series) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('metric_buckets', ?))",
            Boolean.class,
            series));
  }

  private @Nullable Long lock(long series) {
    List<Long> dirty =
        jdbc.query(
            "SELECT dirty_from_step FROM metric_series WHERE id = ? AND dirty_from_step IS NOT NULL"
                + " FOR NO KEY UPDATE",
            (row, number) -> row.getLong(1),
            series);
    return dirty.isEmpty() ? null : dirty.getFirst();
  }

  /**
   * The end of what need not be made anew. Points are only ever added: buckets that still hold as
   * many as there are hold the same ones, whatever step was written to. Series whose points all
   * have one step would otherwise start again with each point.
   */
  private End sound(long series, long dirty) {
    End before = buckets.lastFullBefore(series, dirty);
    End all = buckets.lastFull(series);
    if (all.ordinal() > before.ordinal()) {
      long held = (long) (all.ordinal() - before.ordinal()) * Level.BASE;
      if (points.count(series, before.last(), all.last()) == held) {
        return all;
      }
    }
    return before;
  }

  /**
   * @param points how many were fed
   * @param next step to go on from; null when there are no more points
   */
  private record Fed(long points, @Nullable Long next) {}

  /** Ends between two steps: the mark that is left behind is a step. */
  private Fed feed(long series, Point after, PyramidBuilder builder) {
    Point last = after;
    long fed = 0;
    while (true) {
      List<Point> read = points.following(series, last, 0, POINTS + 1);
      for (Point point : read.subList(0, Math.min(read.size(), POINTS))) {
        builder.add(point);
        last = point;
        fed++;
      }
      if (read.size() <= POINTS) {
        return new Fed(fed, null);
      }
      long next = read.getLast().step();
      if (next > last.step()) {
        return new Fed(fed, next);
      }
    }
  }
}
