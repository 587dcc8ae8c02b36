package dev.unmask.registry.run;

import dev.unmask.registry.database.StatementGroup;
import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.metric.MetricStore;
import dev.unmask.registry.tag.TagRules;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Brings runs from other servers, as they are there. That a run of last year ended is no news, so
 * nothing is told of it: neither to webhooks nor as alerts.
 */
@Service
public class RunImportService {
  /** The tag that says where a run came from, by which it is found when it comes again. */
  public static final String ORIGIN_TAG = "unmask.importedFrom";

  private static final Pattern RUN_ID = Pattern.compile("[0-9a-f]{32}");
  private static final int AT_ONCE = 10_000;

  private final JdbcTemplate jdbc;
  private final RunService runs;
  private final RunEntries entries;
  private final MetricStore metrics;
  private final ExperimentService experiments;

  RunImportService(
      JdbcTemplate jdbc,
      RunService runs,
      RunEntries entries,
      MetricStore metrics,
      ExperimentService experiments) {
    this.jdbc = jdbc;
    this.runs = runs;
    this.entries = entries;
    this.metrics = metrics;
    this.experiments = experiments;
  }

  /**
   * A run of another server.
   *
   * @param id there; kept where it is free
   * @param origin says where it came from, unique over all servers
   */
  public record ImportedRun(
      String id,
      String origin,
      long experiment,
      String name,
      String userId,
      RunStatus status,
      long startTime,
      @Nullable Long endTime,
      SortedMap<String, String> params,
      SortedMap<String, String> tags) {}

  /** The id of the team's run that came from there. */
  @Transactional(readOnly = true)
  public Optional<String> find(String teamId, String origin) {
    return jdbc
        .query(
            "SELECT r.run_id FROM run_tags t JOIN runs r ON r.uid = t.run_uid WHERE t.key = ?"
                + " AND left(t.value, 200) = left(?, 200) AND t.value = ? AND r.team_id = ?"
                + " AND r.lifecycle <> 'purging' ORDER BY r.uid LIMIT 1",
            (row, number) -> row.getString(1),
            ORIGIN_TAG,
            origin,
            origin,
            teamId)
        .stream()
        .findFirst();
  }

  /**
   * Makes the run, or brings the one that came from there before up to date. Params that it has
   * stay as they are.
   *
   * @return its id here
   */
  @Transactional
  public String put(String teamId, ImportedRun run) {
    SortedMap<String, String> params = RunEntries.checkedParams(run.params());
    SortedMap<String, String> tags = RunEntries.checkedTags(run.tags());
    tags.put(RunService.NAME_TAG, TagRules.cut(run.name(), TagRules.RUN_TAG_VALUE));
    tags.put(ORIGIN_TAG, run.origin());
    String id = find(teamId, run.origin()).orElseGet(() -> create(teamId, run));
    Run locked = runs.lock(teamId, id);
    jdbc.update(
        "UPDATE runs SET name = ?, status = ?, end_time = ? WHERE uid = ?",
        run.name(),
        run.status().name(),
        run.endTime(),
        locked.uid());
    StatementGroup statements = new StatementGroup();
    entries.write(statements, locked.uid(), params, tags);
    statements.run(jdbc);
    return id;
  }

  /** Adds points of a run's metrics; those that it has stay as they are. */
  @Transactional
  public void addPoints(String teamId, String runId, List<MetricPoint> points) {
    points.stream()
        .map(MetricPoint::key)
        .distinct()
        .forEach(key -> TagRules.key("metrics.key", key));
    long uid = runs.lock(teamId, runId).uid();
    for (int from = 0; from < points.size(); from += AT_ONCE) {
      StatementGroup statements = new StatementGroup();
      metrics.append(
          statements, uid, points.subList(from, Math.min(points.size(), from + AT_ONCE)));
      statements.run(jdbc);
    }
  }

  private String create(String teamId, ImportedRun run) {
    experiments.getActive(teamId, run.experiment());
    if (RUN_ID.matcher(run.id()).matches() && insert(run.id(), teamId, run)) {
      return run.id();
    }
    String fresh = UUID.randomUUID().toString().replace("-", "");
    insert(fresh, teamId, run);
    return fresh;
  }

  private boolean insert(String id, String teamId, ImportedRun run) {
    return jdbc.update(
            "INSERT INTO runs (run_id, team_id, experiment_number, name, user_id, status,"
                + " start_time, lifecycle) VALUES (?, ?, ?, ?, ?, ?, ?, 'active')"
                + " ON CONFLICT (run_id) DO NOTHING",
            id,
            teamId,
            run.experiment(),
            run.name(),
            run.userId(),
            run.status().name(),
            run.startTime())
        == 1;
  }
}
