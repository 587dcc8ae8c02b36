package dev.unmask.registry.retention;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.run.Batch;
import dev.unmask.registry.run.NewRun;
import dev.unmask.registry.run.RunService;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** A team with experiments and runs, and questions about what is left of them. */
final class LoggedRuns {
  static final String API = "/api/v1/registry";

  final RegistryServer registry;
  final String teamId;
  final Client team;
  private final JdbcTemplate jdbc;

  LoggedRuns(RegistryServer registry) {
    this.registry = registry;
    String body = "{\"name\": \"purge-%s\", \"admin\": \"admin-%<s\"}".formatted(UUID.randomUUID());
    JsonNode made = registry.owner().send("POST", "/api/v1/identity/teams", body).json();
    this.teamId = made.at("/team/id").stringValue();
    this.team = registry.as(registry.exchange(made.at("/token/token").stringValue()));
    this.jdbc = registry.bean(JdbcTemplate.class);
  }

  long experiment(String name) {
    return Long.parseLong(
        team.post("experiments/create", "{\"name\": \"" + name + "\"}")
            .json()
            .get("experiment_id")
            .stringValue());
  }

  /** Runs with two metrics of some points, a param and a tag each; made without HTTP, in bulk. */
  List<String> runs(long experiment, int count, int points) {
    RunService runs = registry.bean(RunService.class);
    List<Future<String>> made = new ArrayList<>();
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < count; i++) {
        made.add(pool.submit(() -> run(runs, experiment, points)));
      }
    }
    List<String> ids = new ArrayList<>();
    for (Future<String> each : made) {
      try {
        ids.add(each.get());
      } catch (InterruptedException | ExecutionException failure) {
        throw new IllegalStateException(failure);
      }
    }
    return ids;
  }

  private String run(RunService runs, long experiment, int points) {
    NewRun wanted = new NewRun(experiment, null, "u", 1L, new TreeMap<>());
    String id = runs.create(teamId, wanted).run().runId();
    List<MetricPoint> metrics = new ArrayList<>();
    for (int step = 0; step < points; step++) {
      metrics.add(new MetricPoint("loss", step, step, step));
      metrics.add(new MetricPoint("accuracy", 0.5, step, step));
    }
    TreeMap<String, String> entries = new TreeMap<>();
    entries.put("layers", "4");
    runs.log(teamId, id, new Batch(metrics, entries, entries, List.of()));
    return id;
  }

  JsonNode purgeExperiment(long number) {
    return accepted(team.send("POST", API + "/experiments/" + number + "/purge", ""));
  }

  JsonNode purgeRuns(String json) {
    return accepted(team.send("POST", API + "/runs/purge", json));
  }

  JsonNode cancel(String purge) {
    return accepted(team.send("DELETE", API + "/purges/" + purge, ""));
  }

  JsonNode purge(String id) {
    return team.get(API + "/purges/" + id).json();
  }

  static String quoted(List<String> ids) {
    return "[\"" + String.join("\", \"", ids) + "\"]";
  }

  private static JsonNode accepted(Answer answer) {
    if (answer.status() != 202) {
      throw new AssertionError("not accepted: " + answer);
    }
    return answer.json();
  }

  Answer put(long experiment, String run, String path, byte[] bytes) {
    return team.send("PUT", address(experiment, run, path), BodyPublishers.ofByteArray(bytes));
  }

  static String address(long experiment, String run, String path) {
    return "/api/2.0/mlflow-artifacts/artifacts/" + experiment + "/" + run + "/artifacts/" + path;
  }

  Answer getRun(String run) {
    return team.get("/api/2.0/mlflow/runs/get?run_id=" + run);
  }

  /** Ids that a search over the whole life cycle finds. */
  List<String> found(long experiment) {
    JsonNode runs =
        team.post(
                "runs/search",
                "{\"experiment_ids\": [\"%d\"], \"run_view_type\": 3, \"max_results\": 5000}"
                    .formatted(experiment))
            .json()
            .path("runs");
    List<String> ids = new ArrayList<>();
    runs.forEach(run -> ids.add(run.at("/info/run_id").stringValue()));
    return ids;
  }

  /** Rows of the team's runs, and rows whose run or series is no more, over all tables. */
  long rowsLeft() {
    return count("SELECT count(*) FROM runs WHERE team_id = ?", teamId)
        + orphans("run_params")
        + orphans("run_tags")
        + orphans("metric_series")
        + orphans("artifacts")
        + count(
            "SELECT count(*) FROM metric_points p"
                + " WHERE NOT EXISTS (SELECT 1 FROM metric_series s WHERE s.id = p.series_id)");
  }

  private long orphans(String table) {
    return count(
        "SELECT count(*) FROM "
            + table
            + " t WHERE run_uid IS NOT NULL"
            + " AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.uid = t.run_uid)");
  }

  long count(String sql, Object... parameters) {
    Long count = jdbc.queryForObject(sql, Long.class, parameters);
    return count == null ? 0 : count;
  }
}
