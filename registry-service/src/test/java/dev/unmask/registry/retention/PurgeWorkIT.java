package dev.unmask.registry.retention;

import static dev.unmask.registry.retention.LoggedRuns.API;
import static dev.unmask.registry.retention.LoggedRuns.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import dev.unmask.testing.TestDatabase;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * A purge step by step: its own background is off, so a test decides what is done, and stops after
 * any transaction as a killed process would.
 */
class PurgeWorkIT {
  private static final String[] SETTINGS = {
    "--unmask.registry.retention.enabled=false",
    "--unmask.registry.retention.chunk-runs=10",
    "--unmask.registry.retention.chunk-points=7",
    "--unmask.registry.retention.lease=1m"
  };

  @TempDir private Path folder;
  private TestDatabase database;
  private RegistryServer registry;
  private LoggedRuns logged;
  private PurgeWork work;

  @BeforeEach
  void start() {
    database = PostgresExtension.freshDatabase();
    registry = RegistryServer.start(database, folder, SETTINGS);
    logged = new LoggedRuns(registry);
    work = registry.bean(PurgeWork.class);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void showsNothingOfWhatIsHiddenButNotRemovedYet() {
    long experiment = logged.experiment("e");
    String run = logged.runs(experiment, 1, 2).getFirst();
    logged.put(experiment, run, "a.txt", new byte[3]);

    logged.purgeExperiment(experiment);

    assertThat(logged.count("SELECT count(*) FROM runs")).isEqualTo(1);
    assertThat(logged.found(experiment)).isEmpty();
    String byRun = "{\"run_id\": \"" + run + "\"";
    for (Answer answer :
        List.of(
            logged.getRun(run),
            logged.team.get("/api/2.0/mlflow/metrics/get-history?metric_key=loss&run_id=" + run),
            logged.team.get("/api/2.0/mlflow/artifacts/list?run_id=" + run),
            logged.team.get(LoggedRuns.address(experiment, run, "a.txt")),
            logged.put(experiment, run, "b.txt", new byte[3]),
            logged.team.send(
                "DELETE", LoggedRuns.address(experiment, run, "a.txt"), BodyPublishers.noBody()),
            logged.team.post("runs/log-batch", byRun + "}"),
            logged.team.post("runs/set-tag", byRun + ", \"key\": \"a\", \"value\": \"b\"}"),
            logged.team.post("runs/update", byRun + ", \"status\": \"FINISHED\"}"),
            logged.team.post("runs/delete", byRun + "}"),
            logged.team.post("runs/restore", byRun + "}"),
            logged.team.get("/api/2.0/mlflow/experiments/get?experiment_id=" + experiment),
            logged.team.get("/api/2.0/mlflow/experiments/get-by-name?experiment_name=e"),
            logged.team.post("runs/create", "{\"experiment_id\": \"" + experiment + "\"}"),
            logged.team.post("experiments/restore", "{\"experiment_id\": \"" + experiment + "\"}"),
            logged.team.post(
                "experiments/update",
                "{\"experiment_id\": \"" + experiment + "\", \"new_name\": \"n\"}"))) {
      assertThat(answer.status()).as(answer.toString()).isEqualTo(404);
    }
    assertThat(
            logged
                .team
                .post("experiments/search", "{\"view_type\": \"ALL\"}")
                .json()
                .get("experiments"))
        .hasSize(1);
  }

  @Test
  void goesOnWhereAKilledProcessStopped() {
    long experiment = logged.experiment("e");
    logged.runs(experiment, 25, 2);
    JsonNode purge = logged.purgeExperiment(experiment);
    work.step();
    // Takes ten runs and some of their points with it when it dies.
    Purge row = onlyPurge();
    work.removePoints(row, work.lease(row, false));
    registry.close();

    registry = RegistryServer.start(database, folder, SETTINGS);
    LoggedRuns after = new LoggedRuns(registry);
    PurgeWork other = registry.bean(PurgeWork.class);
    while (other.step()) {
      // all that is not leased
    }

    assertThat(after.count("SELECT count(*) FROM runs")).isEqualTo(10);
    assertThat(after.count("SELECT runs_removed FROM purges")).isEqualTo(15);
    expireLeases();
    while (other.step()) {
      // what the dead one had
    }
    assertThat(after.count("SELECT count(*) FROM runs")).isZero();
    assertThat(after.rowsLeft()).isZero();
    assertThat(
            after.count(
                "SELECT count(*) FROM purges WHERE state = 'done' AND runs_removed = 25"
                    + " AND points_removed = 100 AND purge_id = ?",
                purge.get("id").stringValue()))
        .isEqualTo(1);
  }

  @Test
  void finishesHidingAfterTheRequestBrokeOff() {
    long experiment = logged.experiment("e");
    logged.runs(experiment, 12, 1);
    logged.purgeExperiment(experiment);
    // As if the process had died right after the request was recorded.
    sql("UPDATE purges SET state = 'hiding'");
    sql("UPDATE purge_runs SET hidden_from = NULL");
    sql("UPDATE runs SET lifecycle = 'active'");

    while (work.step()) {
      // to the end
    }

    assertThat(logged.count("SELECT count(*) FROM purges WHERE state = 'done'")).isEqualTo(1);
    assertThat(logged.rowsLeft()).isZero();
  }

  @Test
  void sharesTheWorkOfOnePurgeBetweenTwoProcesses() throws Exception {
    long experiment = logged.experiment("e");
    logged.runs(experiment, 120, 3);
    logged.purgeExperiment(experiment);

    try (RegistryServer second = RegistryServer.start(database, folder, SETTINGS);
        var pool = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> steps = new ArrayList<>();
      for (PurgeWork each : List.of(work, second.bean(PurgeWork.class))) {
        steps.add(pool.submit(() -> stepsOf(each)));
      }
      for (Future<Integer> each : steps) {
        assertThat(each.get()).isPositive();
      }
      // Each stops when the other one holds the rest: what is left is small.
      stepsOf(work);
    }

    assertThat(
            logged.count(
                "SELECT count(*) FROM purges WHERE state = 'done' AND runs_removed = 120"
                    + " AND points_removed = 720"))
        .isEqualTo(1);
    assertThat(logged.rowsLeft()).isZero();
  }

  @Test
  void bringsBackWhatIsNotRemovedWhenCancelled() {
    long experiment = logged.experiment("e");
    List<String> runs = logged.runs(experiment, 30, 2);
    logged.team.post("runs/delete", "{\"run_id\": \"" + runs.get(29) + "\"}");
    JsonNode purge = logged.purgeExperiment(experiment);
    work.step();
    Purge row = onlyPurge();
    List<Long> begun = work.lease(row, false);
    work.removePoints(row, begun);
    long taken = logged.experiment("e");

    JsonNode cancelled = logged.cancel(purge.get("id").stringValue());

    assertThat(cancelled.get("state").stringValue()).isEqualTo("cancelling");
    assertThat(cancelled.get("runsRemoved").intValue()).isEqualTo(10);
    assertThat(cancelled.get("runsRestored").intValue()).isEqualTo(10);
    assertThat(logged.found(experiment)).hasSize(10);
    expireLeases();
    while (work.step()) {
      // runs that lost points already have to go
    }
    JsonNode end = logged.purge(purge.get("id").stringValue());
    assertThat(end.get("state").stringValue()).isEqualTo("cancelled");
    assertThat(end.get("runsRemoved").intValue()).isEqualTo(20);
    assertThat(logged.count("SELECT count(*) FROM runs WHERE lifecycle = 'active'")).isEqualTo(9);
    assertThat(logged.count("SELECT count(*) FROM runs WHERE lifecycle = 'deleted'")).isEqualTo(1);
    assertThat(logged.rowsLeft()).isEqualTo(10);
    assertThat(nameOf(experiment)).isEqualTo("e (" + experiment + ")");
    assertThat(nameOf(taken)).isEqualTo("e");
    Answer again = logged.team.send("DELETE", API + "/purges/" + purge.get("id").stringValue(), "");
    assertThat(again.status()).as(again.toString()).isEqualTo(409);
  }

  @Test
  void bringsEverythingBackWhenCancelledAtOnce() {
    long experiment = logged.experiment("e");
    logged.runs(experiment, 12, 2);

    JsonNode purge = logged.purgeExperiment(experiment);
    logged.cancel(purge.get("id").stringValue());
    while (work.step()) {
      // to the end
    }

    assertThat(logged.purge(purge.get("id").stringValue()).get("state").stringValue())
        .isEqualTo("cancelled");
    assertThat(nameOf(experiment)).isEqualTo("e");
    assertThat(logged.found(experiment)).hasSize(12);
    assertThat(logged.count("SELECT count(*) FROM metric_points")).isEqualTo(48);
    assertThat(logged.count("SELECT count(*) FROM audit_log WHERE action = 'purge.cancel'"))
        .isEqualTo(1);
  }

  @Test
  void takesRunsAlongThatWereBeingCreatedWhenTheExperimentWasHidden() {
    long experiment = logged.experiment("e");
    logged.runs(experiment, 1, 1);
    logged.purgeExperiment(experiment);
    sql(
        "INSERT INTO runs (run_id, team_id, experiment_number, name, user_id, status, start_time,"
            + " lifecycle) VALUES ('late', '"
            + logged.teamId
            + "', "
            + experiment
            + ", 'n', 'u', 'RUNNING', 1, 'active')");

    while (work.step()) {
      // to the end
    }

    assertThat(logged.count("SELECT count(*) FROM purges WHERE state = 'done' AND runs = 2"))
        .isEqualTo(1);
    assertThat(logged.rowsLeft()).isZero();
  }

  @Test
  void leavesRunsToThePurgeThatTookThemFirst() {
    long experiment = logged.experiment("e");
    List<String> runs = logged.runs(experiment, 20, 1);
    logged.purgeRuns("{\"runs\": " + quoted(runs.subList(0, 5)) + "}");
    JsonNode whole = logged.purgeExperiment(experiment);

    while (work.step()) {
      // both
    }

    assertThat(whole.get("runs").intValue()).isEqualTo(15);
    assertThat(logged.count("SELECT sum(runs_removed) FROM purges WHERE state = 'done'"))
        .isEqualTo(20);
    assertThat(logged.rowsLeft()).isZero();
  }

  @Test
  void letsOthersLogWhileAChunkIsBeingRemoved() throws Exception {
    long experiment = logged.experiment("e");
    List<String> runs = logged.runs(experiment, 10, 2);
    logged.purgeRuns("{\"runs\": " + quoted(runs.subList(0, 5)) + "}");
    JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
    Removal removal = registry.bean(Removal.class);
    List<Long> hidden =
        jdbc.query("SELECT uid FROM runs WHERE lifecycle = 'purging'", (row, n) -> row.getLong(1));

    registry
        .bean(TransactionTemplate.class)
        .executeWithoutResult(
            status -> {
              removal.removePoints(hidden, 1_000);
              removal.removeRuns(hidden);
              // The transaction is open and holds all its locks: no writer of others waits for it.
              for (String run : runs.subList(5, 10)) {
                String body =
                    "{\"run_id\": \"%s\", \"key\": \"loss\", \"value\": 1, \"timestamp\": 9}";
                assertThat(logged.team.post("runs/log-metric", body.formatted(run)).status())
                    .isEqualTo(200);
                assertThat(logged.put(experiment, run, "a.txt", new byte[1]).status())
                    .isEqualTo(200);
              }
              assertThat(
                      logged
                          .team
                          .post("runs/create", "{\"experiment_id\": \"" + experiment + "\"}")
                          .status())
                  .isEqualTo(200);
              status.setRollbackOnly();
            });
  }

  @Test
  void worksOnAfterARestartWithoutBeingAsked() {
    long experiment = logged.experiment("e");
    logged.runs(experiment, 15, 1);
    String purge = logged.purgeExperiment(experiment).get("id").stringValue();
    registry.close();

    registry = RegistryServer.start(database, folder, "--unmask.registry.retention.poll=20ms");

    JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
    Await.until(
        "the purge is done",
        Duration.ofSeconds(30),
        () ->
            "done"
                .equals(
                    jdbc.queryForObject(
                        "SELECT state FROM purges WHERE purge_id = ?", String.class, purge)));
  }

  private static int stepsOf(PurgeWork work) {
    int steps = 0;
    while (work.step()) {
      steps++;
    }
    return steps;
  }

  private Purge onlyPurge() {
    return registry.bean(PurgeTable.class).open().getFirst();
  }

  private void expireLeases() {
    sql("UPDATE purge_runs SET lease_until = now() - interval '1 s' WHERE lease_owner IS NOT NULL");
  }

  private String nameOf(long experiment) {
    return logged
        .team
        .get("/api/2.0/mlflow/experiments/get?experiment_id=" + experiment)
        .json()
        .at("/experiment/name")
        .stringValue();
  }

  private void sql(String statement) {
    registry.bean(JdbcTemplate.class).update(statement);
  }
}
