package dev.unmask.registry.series;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Finds series by what callers know; the caller owns the transaction. */
@Component
class SeriesLookup {
  private final JdbcTemplate jdbc;

  SeriesLookup(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  private record Run(long uid, long start) {}

  private record RunKey(long runUid, String key) {}

  private record Row(long id, @Nullable Long dirtyFrom) {}

  /**
   * The series of the runs, run by run in the order of the keys; what a run never logged is left
   * out.
   *
   * @throws UnmaskException naming the first run that the team does not have
   */
  List<Series> find(String teamId, List<String> runIds, List<String> keys) {
    Map<String, Run> runs = runs(teamId, runIds);
    Map<RunKey, Row> rows = new HashMap<>();
    jdbc.query(
        "SELECT id, run_uid, key, dirty_from_step FROM metric_series"
            + " WHERE run_uid = ANY (?) AND key = ANY (?)",
        row -> {
          rows.put(
              new RunKey(row.getLong(2), row.getString(3)),
              new Row(row.getLong(1), row.getObject(4, Long.class)));
        },
        runs.values().stream().map(Run::uid).toArray(Long[]::new),
        keys.toArray(String[]::new));
    List<Series> found = new ArrayList<>();
    for (String runId : new LinkedHashSet<>(runIds)) {
      Run run = runs.get(runId);
      if (run == null) {
        throw new UnmaskException(ErrorCode.RUN_NOT_FOUND, "Run with id=" + runId + " not found");
      }
      for (String key : new LinkedHashSet<>(keys)) {
        Row row = rows.get(new RunKey(run.uid(), key));
        if (row != null) {
          found.add(new Series(row.id(), runId, key, row.dirtyFrom(), run.start()));
        }
      }
    }
    return found;
  }

  private Map<String, Run> runs(String teamId, List<String> runIds) {
    Map<String, Run> runs = new HashMap<>();
    jdbc.query(
        "SELECT run_id, uid, start_time FROM runs WHERE team_id = ? AND run_id = ANY (?)"
            + " AND lifecycle <> 'purging'",
        row -> {
          runs.put(row.getString(1), new Run(row.getLong(2), row.getLong(3)));
        },
        teamId,
        runIds.toArray(String[]::new));
    return runs;
  }
}
