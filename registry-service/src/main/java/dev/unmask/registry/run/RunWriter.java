package dev.unmask.registry.run;

import dev.unmask.registry.database.StatementGroup;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.metric.MetricStore;
import dev.unmask.registry.metric.ModelMetric;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One transaction a group, in three round trips: the run's lock, all that is written, the commit;
 * params take one more. Plain JDBC, since logging is what clients do most.
 */
@Component
class RunWriter implements GroupWriter {
  private final JdbcTemplate jdbc;
  private final RunEntries entries;
  private final MetricStore metrics;
  private final RunNews news;
  private final TransactionTemplate transaction;

  RunWriter(
      DataSource database,
      JdbcTemplate jdbc,
      RunEntries entries,
      MetricStore metrics,
      RunNews news) {
    this.jdbc = jdbc;
    this.entries = entries;
    this.metrics = metrics;
    this.news = news;
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
  }

  @Override
  public Map<Integer, UnmaskException> write(RunAddress run, List<Batch> batches) {
    return Objects.requireNonNull(transaction.execute(status -> writeLocked(run, batches)));
  }

  private Map<Integer, UnmaskException> writeLocked(RunAddress run, List<Batch> batches) {
    Locked locked = lockActive(run);
    long uid = locked.uid();
    Group group = new Group(run.runId(), entries.paramsOf(uid, keysOf(batches)));
    for (int i = 0; i < batches.size(); i++) {
      UnmaskException unknown = entries.unknownModel(run.teamId(), batches.get(i).modelMetrics());
      if (unknown == null) {
        group.add(i, batches.get(i));
      } else {
        group.refused.put(i, unknown);
      }
    }
    StatementGroup statements = new StatementGroup();
    entries.write(statements, uid, group.newParams, group.tags);
    metrics.append(statements, uid, group.points);
    String name = group.tags.get(RunService.NAME_TAG);
    if (name != null) {
      statements.add("UPDATE runs SET name = ? WHERE uid = ?", name, uid);
    }
    statements.run(jdbc);
    entries.addModelMetrics(run.teamId(), uid, group.modelMetrics);
    news.logged(run, uid, name == null ? locked.name() : name, group.points);
    return group.refused;
  }

  /**
   * Writers of one run take turns: what they log is checked against what is there. The lock leaves
   * the run's key alone, so that rows which refer to it are added meanwhile.
   */
  private Locked lockActive(RunAddress run) {
    List<Locked> found =
        jdbc.query(
            "SELECT uid, lifecycle = 'active', name FROM runs WHERE team_id = ? AND run_id = ?"
                + " AND lifecycle <> 'purging' FOR NO KEY UPDATE",
            (row, number) -> new Locked(row.getLong(1), row.getBoolean(2), row.getString(3)),
            run.teamId(),
            run.runId());
    if (found.isEmpty()) {
      throw RunService.unknown(run.runId());
    }
    if (!found.getFirst().active()) {
      throw RunService.deleted(run.runId());
    }
    return found.getFirst();
  }

  private static List<String> keysOf(List<Batch> batches) {
    return batches.stream().flatMap(batch -> batch.params().keySet().stream()).distinct().toList();
  }

  private record Locked(long uid, boolean active, String name) {}

  /** What the batches write together, as if they had come one after the other. */
  private static final class Group {
    private final String runId;
    private final SortedMap<String, String> params;
    private final SortedMap<String, String> newParams = new TreeMap<>();
    private final SortedMap<String, String> tags = new TreeMap<>();
    private final List<MetricPoint> points = new ArrayList<>();
    private final List<ModelMetric> modelMetrics = new ArrayList<>();
    private final Map<Integer, UnmaskException> refused = new HashMap<>();

    Group(String runId, SortedMap<String, String> stored) {
      this.runId = runId;
      this.params = stored;
    }

    void add(int place, Batch batch) {
      UnmaskException change = RunEntries.changeOfParams(runId, batch.params(), params);
      if (change != null) {
        refused.put(place, change);
        return;
      }
      batch
          .params()
          .forEach(
              (key, value) -> {
                if (params.putIfAbsent(key, value) == null) {
                  newParams.put(key, value);
                }
              });
      tags.putAll(batch.tags());
      points.addAll(batch.metrics());
      modelMetrics.addAll(batch.modelMetrics());
    }
  }
}
