package dev.unmask.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What operators and load balancers see. */
class OperationIT {
  private final RegistryServer registry = RegistryServer.shared();

  @Test
  void tellsLivenessApartFromReadiness() {
    assertThat(registry.anonymous().get("/actuator/health/liveness").text()).contains("UP");
    assertThat(registry.anonymous().get("/actuator/health/readiness").text()).contains("UP");
  }

  @Test
  void countsMetricPointsAndArtifactBytes() {
    Client team = registry.team("metered");
    String run = team.post("runs/create", "{}").json().at("/run/info/run_id").stringValue();
    team.post(
        "runs/log-metric",
        "{\"run_id\": \"%s\", \"key\": \"m\", \"value\": 1, \"timestamp\": 1}".formatted(run));

    assertThat(registry.anonymous().get("/actuator/prometheus").text())
        .contains("unmask_registry_metric_points_total")
        .contains("unmask_registry_artifact_bytes_total");
  }

  @Test
  void givesEveryAnswerTheRequestIdItCameWith() {
    Answer answer =
        registry
            .anonymous()
            .send(
                "GET",
                "/api/v1/identity/me",
                java.net.http.HttpRequest.BodyPublishers.noBody(),
                "X-Request-Id",
                "request-4711");

    assertThat(answer.response().headers().firstValue("X-Request-Id")).hasValue("request-4711");
    assertThat(answer.json().get("requestId").stringValue()).isEqualTo("request-4711");
  }

  @Test
  void asksCallersToComeBackWhileTheDatabaseIsBusyAndThenWorksOn() throws Exception {
    try (RegistryServer busy =
        RegistryServer.start(
            "--spring.datasource.hikari.maximum-pool-size=2",
            "--spring.datasource.hikari.connection-timeout=300")) {
      Client team = busy.team("t");
      List<Connection> all = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        all.add(busy.bean(DataSource.class).getConnection());
      }

      Answer mlflow = team.post("runs/create", "{}");
      Answer nativeCall = team.get("/api/v1/registry/models");
      for (Connection connection : all) {
        connection.close();
      }

      assertThat(mlflow.status()).as(mlflow.toString()).isEqualTo(503);
      assertThat(mlflow.json().get("error_code").stringValue())
          .isEqualTo("TEMPORARILY_UNAVAILABLE");
      assertThat(mlflow.response().headers().firstValue("Retry-After")).hasValue("1");
      assertThat(nativeCall.status()).isEqualTo(503);
      assertThat(nativeCall.json().get("code").stringValue()).isEqualTo("UNAVAILABLE");
      assertThat(team.post("runs/create", "{}").status()).isEqualTo(200);
    }
  }
}
