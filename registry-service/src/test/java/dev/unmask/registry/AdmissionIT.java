package dev.unmask.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.support.observability.MetricNames;
import dev.unmask.testing.Await;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Under an overload the registry says so at once, in each protocol's words. */
class AdmissionIT {

  @Test
  void shedsWhatItCannotHandleAndWorksOnAfterwards() throws Exception {
    try (RegistryServer small =
        RegistryServer.start(
            "--unmask.registry.admission.requests=1", "--unmask.registry.admission.waiting=0")) {
      Client team = small.team("t");
      String run = team.post("runs/create", "{}").json().at("/run/info/run_id").stringValue();
      String metric =
          "{\"run_id\": \"%s\", \"key\": \"m\", \"value\": 1, \"timestamp\": 1}".formatted(run);
      String file = "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/f";

      Answer mlflow;
      Answer problem;
      Answer transfer;
      Answer health;
      CompletableFuture<Answer> first;
      try (Connection holder = small.bean(DataSource.class).getConnection();
          Statement statement = holder.createStatement()) {
        holder.setAutoCommit(false);
        statement.execute("SELECT 1 FROM runs FOR NO KEY UPDATE");
        first = CompletableFuture.supplyAsync(() -> team.post("runs/log-metric", metric));
        Await.until("the first is in", Duration.ofSeconds(30), () -> transactions(small) == 1);
        mlflow = team.post("runs/log-metric", metric);
        problem = team.get("/api/v1/registry/models");
        transfer = team.send("PUT", file, BodyPublishers.ofString("x"));
        health = small.anonymous().get("/actuator/health/liveness");
        holder.rollback();
      }

      assertThat(mlflow.status()).as(mlflow.toString()).isEqualTo(503);
      assertThat(mlflow.json().get("error_code").stringValue())
          .isEqualTo("TEMPORARILY_UNAVAILABLE");
      assertThat(mlflow.response().headers().firstValue("Retry-After")).hasValue("1");
      assertThat(problem.status()).isEqualTo(503);
      assertThat(problem.json().get("code").stringValue()).isEqualTo("UNAVAILABLE");
      assertThat(problem.response().headers().firstValue("Retry-After")).hasValue("1");
      assertThat(transfer.status()).as(transfer.toString()).isEqualTo(200);
      assertThat(health.status()).isEqualTo(200);
      assertThat(first.join().status()).isEqualTo(200);
      assertThat(team.post("runs/log-metric", metric).status()).isEqualTo(200);
      assertThat(small.bean(MeterRegistry.class).get(MetricNames.REGISTRY_SHED).counter().count())
          .isEqualTo(2);
    }
  }

  private static long transactions(RegistryServer registry) {
    return registry
        .bean(MeterRegistry.class)
        .get(MetricNames.REGISTRY_WRITE_GROUP)
        .summary()
        .count();
  }
}
