package dev.unmask.registry.histogram;

import dev.unmask.registry.api.HistogramsApi.Histogram;
import dev.unmask.registry.api.HistogramsApi.HistogramKey;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Rows of histograms; the caller owns the transaction. */
@Component
class HistogramTable {
  private final JdbcTemplate jdbc;

  HistogramTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param steps how many there are
   * @param histograms all of them, or as many as were wanted
   */
  record Found(long steps, List<Histogram> histograms) {}

  /**
   * @param now milliseconds since the epoch, for histograms without a time
   * @return those whose key and step were taken already
   */
  List<Histogram> addAbsent(long runUid, List<Histogram> histograms, long now) {
    int[] added =
        jdbc.batchUpdate(
            "INSERT INTO histograms (run_uid, key, step, edges, counts, sums, \"timestamp\")"
                + " VALUES (?, ?, ?, ?, ?, ?::double precision[], ?) ON CONFLICT DO NOTHING",
            histograms.stream().map(histogram -> row(runUid, histogram, now)).toList());
    List<Histogram> present = new ArrayList<>();
    for (int i = 0; i < added.length; i++) {
      if (added[i] == 0) {
        present.add(histograms.get(i));
      }
    }
    return present;
  }

  private static @Nullable Object[] row(long runUid, Histogram histogram, long now) {
    Instant time = histogram.time();
    return new @Nullable Object[] {
      runUid,
      histogram.key(),
      histogram.step(),
      doubles(histogram.edges()),
      histogram.counts().toArray(Long[]::new),
      doubles(histogram.sums()),
      time == null ? now : time.toEpochMilli()
    };
  }

  /** Whether exactly this one is stored. As PostgreSQL compares: NaN is equal to itself. */
  boolean holds(long runUid, Histogram histogram) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "SELECT EXISTS (SELECT 1 FROM histograms WHERE run_uid = ? AND key = ? AND step = ?"
                + " AND edges = ? AND counts = ?"
                + " AND sums IS NOT DISTINCT FROM ?::double precision[])",
            Boolean.class,
            runUid,
            histogram.key(),
            histogram.step(),
            doubles(histogram.edges()),
            histogram.counts().toArray(Long[]::new),
            doubles(histogram.sums())));
  }

  /**
   * Step number o of n, counted from 0, is one of the m chosen when o (m - 1) / (n - 1), rounded
   * down, is more than that of the step before: exactly m are, the first and the last among them.
   */
  Found read(long runUid, HistogramQuery wanted) {
    List<Histogram> histograms = new ArrayList<>();
    long[] steps = new long[1];
    jdbc.query(
        "WITH numbered AS (SELECT step, row_number() OVER (ORDER BY step) - 1 AS o,"
            + " count(*) OVER () AS n FROM histograms"
            + " WHERE run_uid = ? AND key = ? AND step BETWEEN ? AND ?)"
            + " SELECT n, h.step, edges, counts, sums, \"timestamp\" FROM numbered"
            + " JOIN histograms h ON h.run_uid = ? AND h.key = ? AND h.step = numbered.step"
            + " WHERE n <= ? OR o = 0"
            + " OR o * ? / nullif(n - 1, 0) > (o - 1) * ? / nullif(n - 1, 0)"
            + " ORDER BY h.step",
        row -> {
          steps[0] = row.getLong(1);
          histograms.add(histogram(wanted.key(), row));
        },
        runUid,
        wanted.key(),
        wanted.from(),
        wanted.to(),
        runUid,
        wanted.key(),
        wanted.most(),
        wanted.most() - 1,
        wanted.most() - 1);
    return new Found(steps[0], histograms);
  }

  List<HistogramKey> keys(long runUid, String after, int most) {
    return jdbc.query(
        "SELECT key, count(*), min(step), max(step) FROM histograms"
            + " WHERE run_uid = ? AND key > ? GROUP BY key ORDER BY key LIMIT ?",
        (row, number) ->
            new HistogramKey(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)),
        runUid,
        after,
        most);
  }

  private static Histogram histogram(String key, ResultSet row) throws SQLException {
    Array sums = row.getArray(5);
    return new Histogram(
        key,
        row.getLong(2),
        List.of((Double[]) Objects.requireNonNull(row.getArray(3)).getArray()),
        List.of((Long[]) Objects.requireNonNull(row.getArray(4)).getArray()),
        sums == null ? null : List.of((Double[]) sums.getArray()),
        Instant.ofEpochMilli(row.getLong(6)));
  }

  private static Double @Nullable [] doubles(@Nullable List<Double> numbers) {
    return numbers == null ? null : numbers.toArray(Double[]::new);
  }
}
