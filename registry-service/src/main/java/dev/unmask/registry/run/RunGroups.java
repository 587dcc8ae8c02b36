package dev.unmask.registry.run;

import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.SqlConditions;
import dev.unmask.registry.run.RunGroup.Statistics;
import dev.unmask.registry.run.RunSearchSql.Statement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;
import org.springframework.stereotype.Component;

/** Statistics of metrics over groups of runs, by PostgreSQL; the caller owns the transaction. */
@Component
class RunGroups {
  private static final int MOST = 1_000;

  /** Sums of squares of larger values may exceed a double. */
  private static final double LARGE = 1e140;

  /** Brings every double below {@link #LARGE}, without rounding those that are near it. */
  private static final double SMALLER = 0x1p-560;

  private static final String FINITE =
      "s.latest_value > '-Infinity' AND s.latest_value < 'Infinity'";

  private final RunFinder finder;

  RunGroups(RunFinder finder) {
    this.finder = finder;
  }

  List<RunGroup> of(String teamId, RunGrouping grouping) {
    SearchRules.checkGrouping(grouping.by());
    RunScope scope =
        RunScope.of(teamId, finder.experiments(teamId, grouping.experiments()), grouping.view());
    List<Row> rows = rows(grouping, scope, 1, LARGE);
    if (rows.stream().anyMatch(row -> row.large > 0)) {
      rows = withLarge(rows, rows(grouping, scope, SMALLER, Double.MAX_VALUE));
    }
    return groups(rows);
  }

  private List<Row> rows(RunGrouping grouping, RunScope scope, double factor, double most) {
    SqlConditions where = scope.runs();
    RunConditions.add(where, scope, grouping.filter());
    String[] metrics = grouping.metrics().toArray(String[]::new);
    // Said of the series again, so that one range of an index is read for each metric.
    SqlConditions series =
        new SqlConditions().andOneOf("s.experiment_uid", scope.uids()).andOneOf("s.key", metrics);
    int limit = MOST * metrics.length;
    List<Object> parameters =
        new ArrayList<>(List.of(LARGE, factor, most, factor, most, grouping.by().key(), metrics));
    parameters.addAll(series.parameters());
    parameters.addAll(where.parameters());
    parameters.add(limit + 1);
    RowMapper<Row> row = (result, number) -> Row.read(result, factor);
    List<Row> rows =
        finder.query(
            new Statement(text(grouping, series, where), parameters.toArray()),
            new RowMapperResultSetExtractor<>(row));
    if (rows.size() > limit) {
      throw new InvalidQueryException(
          "Invalid by '"
              + grouping.by()
              + "': it has more than "
              + MOST
              + " values; narrow the filter or group by something else");
    }
    return rows;
  }

  private static String text(RunGrouping grouping, SqlConditions series, SqlConditions where) {
    return "SELECT g.value, m.key, count(*), count(*) FILTER (WHERE "
        + FINITE
        + "), count(s.latest_value), min(s.latest_value) FILTER (WHERE "
        + FINITE
        + "), max(s.latest_value) FILTER (WHERE "
        + FINITE
        + "), count(*) FILTER (WHERE "
        + FINITE
        + " AND abs(s.latest_value) > ?), sum(s.latest_value * ?) FILTER (WHERE "
        + FINITE
        + " AND abs(s.latest_value) <= ?), stddev_samp(s.latest_value * ?) FILTER (WHERE "
        + FINITE
        + " AND abs(s.latest_value) <= ?) FROM runs r LEFT JOIN "
        + SearchField.of(grouping.by()).table()
        + " g ON g.run_uid = r.uid AND g.key = ? CROSS JOIN unnest(?) WITH ORDINALITY AS m (key, o)"
        + " LEFT JOIN metric_series s ON s.run_uid = r.uid AND s.key = m.key AND "
        + series.sql()
        + " WHERE "
        + where.sql()
        + " GROUP BY g.value, m.key, m.o ORDER BY g.value COLLATE \"C\" NULLS LAST, m.o LIMIT ?";
  }

  /** Takes rows with large values from the second reading, where nothing exceeds a double. */
  private static List<Row> withLarge(List<Row> rows, List<Row> scaled) {
    Map<String, Row> byKey = new HashMap<>();
    scaled.forEach(row -> byKey.put(row.id(), row));
    return rows.stream()
        .map(row -> row.large > 0 ? byKey.getOrDefault(row.id(), row) : row)
        .toList();
  }

  private static List<RunGroup> groups(List<Row> rows) {
    Map<Optional<String>, List<Row>> byValue = new LinkedHashMap<>();
    for (Row row : rows) {
      byValue.computeIfAbsent(Optional.ofNullable(row.value), v -> new ArrayList<>()).add(row);
    }
    List<RunGroup> groups = new ArrayList<>();
    byValue.forEach(
        (value, ofGroup) ->
            groups.add(
                new RunGroup(
                    value.orElse(null),
                    ofGroup.getFirst().runs,
                    ofGroup.stream().map(row -> row.statistics).toList())));
    return groups;
  }

  private record Row(@Nullable String value, long runs, long large, Statistics statistics) {

    static Row read(ResultSet row, double factor) throws SQLException {
      long runs = row.getLong(3);
      long finite = row.getLong(4);
      long logged = row.getLong(5);
      Double sum = number(row, 9);
      Double deviation = number(row, 10);
      Statistics statistics =
          new Statistics(
              row.getString(2),
              finite,
              logged - finite,
              runs - logged,
              sum == null ? null : sum / finite / factor,
              number(row, 6),
              number(row, 7),
              deviation == null ? null : deviation / factor);
      return new Row(row.getString(1), runs, row.getLong(8), statistics);
    }

    String id() {
      return statistics.metric() + "\n" + (value == null ? "" : "=" + value);
    }

    private static @Nullable Double number(ResultSet row, int column) throws SQLException {
      double number = row.getDouble(column);
      return row.wasNull() ? null : number;
    }
  }
}
