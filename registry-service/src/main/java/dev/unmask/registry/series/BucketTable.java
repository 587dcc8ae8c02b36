package dev.unmask.registry.series;

import dev.unmask.registry.series.Bucket.NonFinite;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The stored buckets; the caller owns the transaction. */
@Component
class BucketTable {
  /** Columns of a bucket in the order that {@link #bucket} reads them. */
  static final String COLUMNS =
      "b.points, b.first_step, b.first_time, b.first_value, b.last_step, b.last_time, b.last_value,"
          + " b.min_step, b.min_time, b.min_value, b.max_step, b.max_time, b.max_value,"
          + " b.earliest, b.latest, b.nans, b.infinities, b.minus_infinities, b.in_time";

  private static final String INSERT =
      "INSERT INTO metric_buckets VALUES"
          + " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final JdbcTemplate jdbc;

  BucketTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** A bucket with its place. */
  record Placed(int level, int ordinal, Bucket bucket) {}

  /** The end of a full bucket of the lowest level. */
  record End(int ordinal, Point last) {
    /** Where a series begins. */
    static final End NONE = new End(-1, Point.BEFORE_ALL);
  }

  boolean isEmpty(long series) {
    return jdbc.queryForList("SELECT 1 FROM metric_buckets WHERE series_id = ? LIMIT 1", series)
        .isEmpty();
  }

  /** The end of the full buckets before a step; {@link End#NONE} when there are none. */
  End lastFullBefore(long series, long step) {
    return lastFull(series, " AND last_step < ?", step).orElse(End.NONE);
  }

  /** The end of all full buckets; {@link End#NONE} when there are none. */
  End lastFull(long series) {
    return lastFull(series, "").orElse(End.NONE);
  }

  private Optional<End> lastFull(long series, String condition, Object... more) {
    List<Object> parameters = new ArrayList<>(List.of(series, Level.BASE));
    parameters.addAll(List.of(more));
    return jdbc
        .query(
            "SELECT ordinal, last_step, last_time, last_value FROM metric_buckets"
                + " WHERE series_id = ? AND level = 0 AND points = ?"
                + condition
                + " ORDER BY ordinal DESC LIMIT 1",
            (row, number) -> new End(row.getInt(1), point(row, 2)),
            parameters.toArray())
        .stream()
        .findFirst();
  }

  /**
   * Buckets of the lowest level that share parents with the given one and lie before it, and so on
   * by level: what a {@link PyramidBuilder} needs to go on.
   */
  List<List<Bucket>> siblings(long series, int start) {
    List<List<Bucket>> siblings = new ArrayList<>();
    for (int level = 0; level < Level.TOP; level++) {
      int own = Level.above(level, start);
      int parent = Level.above(level + 1, start);
      siblings.add(
          own == parent * Level.FACTOR
              ? List.of()
              : jdbc.query(
                  "SELECT "
                      + COLUMNS
                      + " FROM metric_buckets b WHERE b.series_id = ? AND b.level = ?"
                      + " AND b.ordinal >= ? AND b.ordinal < ? ORDER BY b.ordinal",
                  (row, number) -> bucket(row, 1),
                  series,
                  level,
                  parent * Level.FACTOR,
                  own));
    }
    return siblings;
  }

  /** Removes every bucket that holds points of the given one, or later ones. */
  void removeFrom(long series, int start) {
    jdbc.update(
        "DELETE FROM metric_buckets b USING unnest(?, ?) AS w (level, ordinal)"
            + " WHERE b.series_id = ? AND b.level = w.level AND b.ordinal >= w.ordinal",
        IntStream.rangeClosed(0, Level.TOP).boxed().toArray(Integer[]::new),
        IntStream.rangeClosed(0, Level.TOP)
            .map(level -> Level.above(level, start))
            .boxed()
            .toArray(Integer[]::new),
        series);
  }

  void add(long series, List<Placed> buckets) {
    jdbc.batchUpdate(INSERT, buckets, 500, (statement, placed) -> set(statement, series, placed));
  }

  private static void set(PreparedStatement row, long series, Placed placed) throws SQLException {
    Bucket bucket = placed.bucket();
    row.setLong(1, series);
    row.setInt(2, placed.level());
    row.setInt(3, placed.ordinal());
    row.setLong(4, bucket.points());
    set(row, 5, bucket.first());
    set(row, 8, bucket.last());
    set(row, 11, bucket.min());
    set(row, 14, bucket.max());
    row.setLong(17, bucket.earliest());
    row.setLong(18, bucket.latest());
    row.setLong(19, bucket.nonFinite().nans());
    row.setLong(20, bucket.nonFinite().infinities());
    row.setLong(21, bucket.nonFinite().minusInfinities());
    row.setBoolean(22, bucket.inTime());
  }

  private static void set(PreparedStatement row, int column, @Nullable Point point)
      throws SQLException {
    if (point == null) {
      row.setNull(column, Types.BIGINT);
      row.setNull(column + 1, Types.BIGINT);
      row.setNull(column + 2, Types.DOUBLE);
    } else {
      row.setLong(column, point.step());
      row.setLong(column + 1, point.time());
      row.setDouble(column + 2, point.value());
    }
  }

  /**
   * @param column of the first of {@link #COLUMNS}
   */
  static Bucket bucket(ResultSet row, int column) throws SQLException {
    long nans = row.getLong(column + 15);
    long infinities = row.getLong(column + 16);
    long minusInfinities = row.getLong(column + 17);
    return new Bucket(
        row.getLong(column),
        point(row, column + 1),
        point(row, column + 4),
        pointOrNull(row, column + 7),
        pointOrNull(row, column + 10),
        row.getLong(column + 13),
        row.getLong(column + 14),
        (nans | infinities | minusInfinities) == 0
            ? NonFinite.NONE
            : new NonFinite(nans, infinities, minusInfinities),
        row.getBoolean(column + 18));
  }

  static @Nullable Point pointOrNull(ResultSet row, int column) throws SQLException {
    double value = row.getDouble(column + 2);
    return row.wasNull() ? null : new Point(row.getLong(column), row.getLong(column + 1), value);
  }

  private static Point point(ResultSet row, int column) throws SQLException {
    return Objects.requireNonNull(pointOrNull(row, column));
  }
}
