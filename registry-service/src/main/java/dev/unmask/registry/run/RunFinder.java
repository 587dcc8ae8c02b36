package dev.unmask.registry.run;

import dev.unmask.registry.query.Keyed;
import dev.unmask.registry.query.Keyset;
import dev.unmask.registry.query.KeysetToken;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.run.RunSearchSql.Stage;
import dev.unmask.registry.run.RunSearchSql.Statement;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;
import org.springframework.stereotype.Component;

/** Finds runs; the caller owns the transaction. */
@Component
class RunFinder {
  private final JdbcTemplate jdbc;

  RunFinder(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  Page<Run> find(String teamId, RunSearch search) {
    String identity = search.identity(teamId);
    List<@Nullable Object> start = KeysetToken.decode(search.after(), identity);
    RunScope scope = RunScope.of(teamId, experiments(teamId, search.experiments()), search.view());
    RunSearchSql sql = new RunSearchSql(search, scope);
    return Page.of(
        scope.isEmpty() ? List.of() : find(sql, start, search.most() + 1), search.most(), identity);
  }

  private List<Keyed<Run>> find(
      RunSearchSql sql, @Nullable List<@Nullable Object> start, int most) {
    List<Keyed<Run>> found = new ArrayList<>();
    Stage first = start == null ? sql.stages().getFirst() : stage(sql, start);
    for (Stage stage : sql.stages()) {
      int wanted = most - found.size();
      if (stage.compareTo(first) < 0 || wanted == 0) {
        continue;
      }
      List<@Nullable Object> after =
          start != null && stage == first ? start.subList(1, start.size()) : null;
      Statement statement = sql.statement(stage, after, wanted);
      found.addAll(query(statement, rows(stage, sql.keyset(stage))));
    }
    return found;
  }

  /** The runs of the team that have one of the ids, by id. */
  Map<String, Run> byId(String teamId, Collection<String> runIds) {
    Map<String, Run> found = new HashMap<>();
    jdbc.query(
        "SELECT "
            + RunRows.COLUMNS
            + " FROM runs r WHERE r.team_id = ? AND r.run_id = ANY (?) AND r.lifecycle <> 'purging'",
        row -> {
          Run run = RunRows.read(row);
          found.put(run.runId(), run);
        },
        teamId,
        runIds.toArray(String[]::new));
    return found;
  }

  /** The experiments of the team that have one of the numbers: uid by number. */
  SortedMap<Long, Long> experiments(String teamId, Collection<Long> numbers) {
    SortedMap<Long, Long> uids = new TreeMap<>();
    jdbc.query(
        "SELECT number, uid FROM experiments WHERE team_id = ? AND number = ANY (?)"
            + " AND lifecycle <> 'purging'",
        row -> {
          uids.put(row.getLong(1), row.getLong(2));
        },
        teamId,
        numbers.toArray(Long[]::new));
    return uids;
  }

  /** Planned with its values each time: the best plan depends on how many runs they leave. */
  <T> T query(Statement statement, ResultSetExtractor<T> rows) {
    return Objects.requireNonNull(
        jdbc.query(
            connection -> {
              PreparedStatement prepared = connection.prepareStatement(statement.text());
              prepared.unwrap(PGStatement.class).setPrepareThreshold(0);
              return prepared;
            },
            new ArgumentPreparedStatementSetter(statement.parameters()),
            rows));
  }

  /** A row's position begins with its stage. */
  private static ResultSetExtractor<List<Keyed<Run>>> rows(Stage stage, Keyset keyset) {
    RowMapper<Keyed<Run>> row =
        (result, number) -> {
          List<@Nullable Object> position = new ArrayList<>();
          position.add((long) stage.ordinal());
          position.addAll(keyset.read(result, RunRows.NEXT));
          return new Keyed<>(RunRows.read(result), position);
        };
    return new RowMapperResultSetExtractor<>(row);
  }

  private static Stage stage(RunSearchSql sql, List<@Nullable Object> start) {
    return sql.stages().stream()
        .filter(stage -> !start.isEmpty() && Long.valueOf(stage.ordinal()).equals(start.getFirst()))
        .findFirst()
        .orElseThrow(KeysetToken::ofAnotherSearch);
  }
}
