package dev.unmask.registry.run;

import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.SqlConditions;
import dev.unmask.registry.run.RunSearchSql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;
import org.springframework.stereotype.Component;

/** The keys that all runs of a search have together; the caller owns the transaction. */
@Component
class RunKeys {
  private final RunFinder finder;

  RunKeys(RunFinder finder) {
    this.finder = finder;
  }

  /**
   * The fields with each kind's keys named, sorted where all of a kind are wanted.
   *
   * @throws InvalidQueryException for more than {@code most} keys
   */
  RunFields named(String teamId, RunSearch search, RunFields fields, int most) {
    RunScope scope =
        RunScope.of(teamId, finder.experiments(teamId, search.experiments()), search.view());
    List<String> params = keys(search, scope, SearchField.PARAM, fields.params(), most);
    List<String> tags = keys(search, scope, SearchField.TAG, fields.tags(), most);
    List<String> metrics = keys(search, scope, SearchField.METRIC, fields.metrics(), most);
    if (params.size() + tags.size() + metrics.size() > most) {
      throw new InvalidQueryException(
          "Invalid fields: the runs have more than "
              + most
              + " different params, tags and metrics; name in fields those that you want, such as"
              + " params.lr, or narrow the filter");
    }
    return new RunFields(params, tags, metrics);
  }

  private List<String> keys(
      RunSearch search,
      RunScope scope,
      SearchField field,
      @Nullable List<String> wanted,
      int most) {
    return wanted == null
        ? all(search, scope, field, most + 1)
        : wanted.stream().distinct().toList();
  }

  private List<String> all(RunSearch search, RunScope scope, SearchField field, int most) {
    SqlConditions where = scope.runs();
    RunConditions.add(where, scope, search.filter());
    List<Object> parameters = new ArrayList<>(where.parameters());
    if (scope.isEmpty()) {
      return List.of();
    }
    parameters.add(most);
    RowMapper<String> key = (row, number) -> row.getString(1);
    return finder.query(
        new Statement(
            "SELECT DISTINCT t.key COLLATE \"C\" FROM runs r JOIN "
                + field.table()
                + " t ON t.run_uid = r.uid WHERE "
                + where.sql()
                + " ORDER BY 1 LIMIT ?",
            parameters.toArray()),
        new RowMapperResultSetExtractor<>(key));
  }
}
