package dev.unmask.registry.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.testing.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Silence is stale after two seconds here. */
class RunStateIT {
  private static final String RUNS = "/api/v1/registry/runs/";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final RegistryServer REGISTRY =
      RegistryServer.start(
          "--unmask.registry.runs.stale-after=2s", "--unmask.registry.runs.beat-every=50ms");

  private final Client team = REGISTRY.owner();

  @AfterAll
  static void stop() {
    REGISTRY.close();
  }

  private String run(long startTime) {
    return ok(team.post(
            "runs/create", "{\"experiment_id\": \"0\", \"start_time\": " + startTime + "}"))
        .at("/run/info/run_id")
        .stringValue();
  }

  private void log(String run) {
    ok(
        team.post(
            "runs/log-metric",
            "{\"run_id\": \"%s\", \"key\": \"m\", \"value\": 1, \"timestamp\": 1}".formatted(run)));
  }

  private boolean stale(String run) {
    return ok(team.get(RUNS + run)).get("stale").booleanValue();
  }

  @Test
  void showsASilentRunAsStaleUntilItLogsAgain() {
    String run = run(1);
    assertThat(stale(run)).isTrue();

    log(run);

    Await.until("it is alive", PATIENCE, () -> !stale(run));
    Await.until("it is silent again", PATIENCE, () -> stale(run));
    assertThat(ok(team.get(RUNS + run)).get("status").stringValue()).isEqualTo("RUNNING");
    ok(team.post("runs/update", "{\"run_id\": \"" + run + "\", \"status\": \"FINISHED\"}"));
    assertThat(stale(run)).isFalse();
  }

  @Test
  void takesAHeartbeatForASignOfLife() {
    String run = run(1);

    assertThat(team.send("POST", RUNS + run + "/heartbeat", "").status()).isEqualTo(204);

    Await.until("it is alive", PATIENCE, () -> !stale(run));
  }

  @Test
  void bearsStartsThatNoCalendarHas() {
    String run = run(Long.MIN_VALUE);
    run(Long.MAX_VALUE);

    assertThat(stale(run)).isTrue();
    assertThat(REGISTRY.owner().get(RUNS + "stale?max_results=1000").status()).isEqualTo(200);
    Await.until("its silence is told", PATIENCE, () -> told(run));
  }

  private boolean told(String run) {
    return ok(team.get("/api/v1/registry/alerts?max_results=1000"))
        .valueStream()
        .anyMatch(alert -> alert.get("runId").stringValue().equals(run));
  }

  @Test
  void listsStaleRunsTheLongestSilentFirst() {
    String silent = run(5_000);
    String longer = run(4_000);

    List<String> listed =
        ok(team.get(RUNS + "stale"))
            .get("runs")
            .valueStream()
            .map(each -> each.get("runId").stringValue())
            .filter(List.of(silent, longer)::contains)
            .toList();

    assertThat(listed).containsExactly(longer, silent);
  }

  @Test
  void tellsWhereARunComesFromAndWhatNobodySaid() {
    String run = run(System.currentTimeMillis());
    ok(
        team.post(
            "runs/log-batch",
            """
            {"run_id": "%s", "params": [{"key": "seed", "value": "7"}],
             "tags": [{"key": "mlflow.source.git.commit", "value": "abc"},
                      {"key": "unmask.environment.java", "value": "25"}]}
            """
                .formatted(run)));

    JsonNode origin = ok(team.get(RUNS + run)).get("origin");

    assertThat(origin.get("commit").stringValue()).isEqualTo("abc");
    assertThat(origin.get("seed").stringValue()).isEqualTo("7");
    assertThat(origin.at("/environment/java").stringValue()).isEqualTo("25");
    assertThat(origin.get("missing").valueStream().map(JsonNode::stringValue))
        .containsExactly("command", "dataSha256");
  }

  @Test
  void isTheTeamsOwn() {
    Client other = REGISTRY.team("other");
    String run = run(1);

    assertThat(other.get(RUNS + run).status()).isEqualTo(404);
    assertThat(other.send("POST", RUNS + run + "/heartbeat", "").status()).isEqualTo(404);
    assertThat(ok(other.get(RUNS + "stale")).get("runs")).isEmpty();
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }
}
