package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many writers at once lose nothing and see no failure. */
class ConcurrencyIT {
  private final Client team = RegistryServer.shared().team("crowd-" + UUID.randomUUID());

  @Test
  void storesWhatTwentyClientsLogToOneRun() throws Exception {
    String run =
        team.post("runs/create", "{\"experiment_id\": \"0\"}")
            .json()
            .at("/run/info/run_id")
            .stringValue();

    List<Future<List<Integer>>> clients = new ArrayList<>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < 20; client++) {
        int number = client;
        clients.add(pool.submit(() -> logTenBatches(run, number)));
      }
    }

    for (Future<List<Integer>> client : clients) {
      assertThat(client.get()).containsOnly(200);
    }
    var stored = team.get("/api/2.0/mlflow/runs/get?run_id=" + run).json();
    assertThat(stored.at("/run/data/params")).hasSize(100);
    assertThat(
            team.get("/api/2.0/mlflow/metrics/get-history?metric_key=m&run_id=" + run)
                .json()
                .get("metrics"))
        .hasSize(200);
  }

  @Test
  void givesEachOfManyVersionsANumberOfItsOwn() throws Exception {
    String run =
        team.post("runs/create", "{\"experiment_id\": \"0\"}")
            .json()
            .at("/run/info/run_id")
            .stringValue();
    team.post("registered-models/create", "{\"name\": \"m\"}");
    String create = "{\"name\": \"m\", \"source\": \"runs:/" + run + "/x\"}";

    List<Future<String>> versions = new ArrayList<>();
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 12; i++) {
        versions.add(
            pool.submit(
                () ->
                    team.post("model-versions/create", create)
                        .json()
                        .at("/model_version/version")
                        .stringValue()));
      }
    }

    List<String> numbers = new ArrayList<>();
    for (Future<String> version : versions) {
      numbers.add(version.get());
    }
    assertThat(numbers)
        .containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
  }

  private List<Integer> logTenBatches(String run, int client) {
    List<Integer> statuses = new ArrayList<>();
    for (int batch = 0; batch < 10; batch++) {
      StringBuilder params = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        params
            .append(i == 0 ? "" : ",")
            .append("{\"key\": \"p%d\", \"value\": \"v\"}".formatted(i));
      }
      int step = client * 10 + batch;
      String body =
          "{\"run_id\": \"%s\", \"params\": [%s], \"metrics\": [{\"key\": \"m\", \"value\": %d, \"timestamp\": %d, \"step\": %d}]}"
              .formatted(run, params, step, step, step);
      statuses.add(team.post("runs/log-batch", body).status());
    }
    return statuses;
  }
}
