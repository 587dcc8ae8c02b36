package dev.unmask.registry.alert;

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

class AlertIT {
  private static final String ALERTS = "/api/v1/registry/alerts";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final RegistryServer REGISTRY =
      RegistryServer.start("--unmask.registry.runs.beat-every=50ms");

  private final Client team = REGISTRY.owner();

  @AfterAll
  static void stop() {
    REGISTRY.close();
  }

  private String run(long start) {
    return ok(team.post(
            "runs/create",
            "{\"experiment_id\": \"0\", \"run_name\": \"r\", \"start_time\": %d}".formatted(start)))
        .at("/run/info/run_id")
        .stringValue();
  }

  private void log(String run, String key, String value, int step) {
    ok(
        team.post(
            "runs/log-metric",
            "{\"run_id\": \"%s\", \"key\": \"%s\", \"value\": \"%s\", \"timestamp\": 1, \"step\": %d}"
                .formatted(run, key, value, step)));
  }

  private List<JsonNode> of(String run) {
    return ok(team.get(ALERTS + "?open=false&max_results=1000"))
        .valueStream()
        .filter(alert -> alert.get("runId").stringValue().equals(run))
        .toList();
  }

  @Test
  void tellsOnceForEachMetricThatIsNotFinite() {
    String run = run(System.currentTimeMillis());

    log(run, "loss", "NaN", 3);
    log(run, "loss", "NaN", 4);
    log(run, "norm", "Infinity", 4);
    log(run, "rate", "1", 4);

    assertThat(of(run))
        .extracting(alert -> alert.get("message").stringValue())
        .containsExactly(
            "norm of run 'r' is Infinity at step 4", "loss of run 'r' is NaN at step 3");
  }

  @Test
  void tellsOfFailedAndOfSilentRuns() {
    String failed = run(System.currentTimeMillis());
    String silent = run(1);
    ok(team.post("runs/update", "{\"run_id\": \"%s\", \"status\": \"FAILED\"}".formatted(failed)));

    assertThat(of(failed))
        .extracting(alert -> alert.get("kind").stringValue())
        .containsExactly("run-failed");
    Await.until("the silent one is told of", PATIENCE, () -> !of(silent).isEmpty());
    assertThat(of(silent).getFirst().get("kind").stringValue()).isEqualTo("run-stale");
  }

  @Test
  void leavesTheListWhenSomebodyLooksAfterIt() {
    String run = run(System.currentTimeMillis());
    log(run, "loss", "NaN", 3);
    String path = ALERTS + "/" + of(run).getFirst().get("id").longValue() + "/acknowledge";

    assertThat(REGISTRY.team("other").send("POST", path, "").status()).isEqualTo(404);
    JsonNode first = ok(team.send("POST", path, ""));

    assertThat(first.get("acknowledgedBy").stringValue()).isNotEmpty();
    assertThat(ok(team.send("POST", path, ""))).isEqualTo(first);
    assertThat(ok(team.get(ALERTS + "?max_results=1000")).valueStream())
        .noneMatch(alert -> alert.get("runId").stringValue().equals(run));
    assertThat(of(run)).hasSize(1);
  }

  private static JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }
}
