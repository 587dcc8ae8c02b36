package dev.unmask.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.testing.Await;
import dev.unmask.testing.PostgresExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the registry is told of deployments, and that serving does not care. */
@ExtendWith(PostgresExtension.class)
class DeploymentReportsIT {
  private static final String DEPLOYMENTS = "/api/v1/inference/deployments/";

  private FakeRegistry registry;
  private RunningService service;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    registry = new FakeRegistry();
    registry.register(
        "demo", 3, "champion", Map.of("config.json", "{}".getBytes(StandardCharsets.UTF_8)));
    service =
        RunningService.scripted(
            PostgresExtension.freshDatabase(),
            folder,
            registry.url(),
            "--unmask.inference.report-every=100ms");
  }

  @AfterEach
  void stop() {
    service.close();
    registry.close();
  }

  @Test
  void tellsWhatIsServedAgainAndAgainAndWhatHasEnded() {
    String id = service.deploy("chat", "models:/demo@champion").get("id").stringValue();
    Await.until("it is told", RunningService.SOON, () -> serving(id, "READY") > 2);
    JsonNode told = last().at("/serving/0");

    assertThat(told.get("team").stringValue()).isEqualTo("team");
    assertThat(told.get("model").stringValue()).isEqualTo("demo");
    assertThat(told.get("version").intValue()).isEqualTo(3);
    assertThat(told.get("digest").stringValue()).startsWith("sha256:");

    assertThat(service.delete(DEPLOYMENTS + id).status()).isEqualTo(204);
    Await.until("its end is told", RunningService.SOON, () -> told("\"ended\":[\"" + id + "\"]"));
    Await.until("it is told no more", RunningService.SOON, () -> last().get("ended").isEmpty());
    assertThat(last().get("serving")).isEmpty();
  }

  @Test
  void servesWhileTheRegistryIsAwayAndTellsTheEndLater() {
    String id = service.deploy("chat", "models:/demo@champion").get("id").stringValue();
    Await.until("it is told", RunningService.SOON, () -> serving(id, "READY") > 0);
    registry.away = true;
    registry.reports.clear();

    String completion =
        service.post("/v1/completions", "{\"model\": \"chat\", \"prompt\": \"ab\"}").body();
    assertThat(service.delete(DEPLOYMENTS + id).status()).isEqualTo(204);

    assertThat(JsonMapper.shared().readTree(completion).get("choices")).hasSize(1);
    registry.away = false;
    Await.until("its end is told", RunningService.SOON, () -> told("\"ended\":[\"" + id + "\"]"));
  }

  private long serving(String id, String status) {
    return reports().stream()
        .filter(report -> report.contains(id) && report.contains(status))
        .count();
  }

  private boolean told(String part) {
    return reports().stream().anyMatch(report -> report.contains(part));
  }

  private JsonNode last() {
    return JsonMapper.shared().readTree(reports().getLast());
  }

  private List<String> reports() {
    synchronized (registry.reports) {
      return List.copyOf(registry.reports);
    }
  }
}
