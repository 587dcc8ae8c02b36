package dev.unmask.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** What training does, from the first call to the deployed files. */
class TrainingFlowIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("flow");

  @Test
  void keepsARunFromItsCreationToAVersionWithAnAlias() {
    String experiment =
        ok(team.post("experiments/create", "{\"name\": \"demo\"}"))
            .get("experiment_id")
            .stringValue();
    String run =
        ok(team.post(
                "runs/create",
                "{\"experiment_id\": \"%s\", \"run_name\": \"first\", \"start_time\": 5}"
                    .formatted(experiment)))
            .at("/run/info/run_id")
            .stringValue();
    ok(
        team.post(
            "runs/log-batch",
            """
        {"run_id": "%s", "params": [{"key": "layers", "value": "4"}],
         "metrics": [{"key": "train/loss", "value": 5.5, "timestamp": "10", "step": "1"},
                     {"key": "train/loss", "value": "NaN", "timestamp": 11, "step": 2}],
         "tags": [{"key": "unmask.job", "value": "j1"}]}
        """
                .formatted(run)));
    String root = "/api/2.0/mlflow-artifacts/artifacts/" + experiment + "/" + run + "/artifacts";
    ok(team.send("PUT", root + "/model/config.json", BodyPublishers.ofString("{}")));
    ok(
        team.send(
            "PUT", root + "/model/model.safetensors", BodyPublishers.ofByteArray(new byte[9])));
    ok(team.post("registered-models/create", "{\"name\": \"demo\"}"));
    ok(
        team.post(
            "model-versions/create",
            "{\"name\": \"demo\", \"source\": \"runs:/%s/model\", \"run_id\": \"%s\"}"
                .formatted(run, run)));
    ok(
        team.post(
            "registered-models/alias",
            "{\"name\": \"demo\", \"alias\": \"champion\", \"version\": \"1\"}"));
    ok(team.post("runs/update", "{\"run_id\": \"%s\", \"status\": \"FINISHED\"}".formatted(run)));

    var stored = ok(team.get("/api/2.0/mlflow/runs/get?run_id=" + run)).get("run");
    assertThat(stored.at("/info/status").stringValue()).isEqualTo("FINISHED");
    assertThat(stored.at("/data/metrics/0/value").stringValue()).isEqualTo("NaN");
    assertThat(stored.at("/data/params/0/value").stringValue()).isEqualTo("4");
    var version = ok(team.get("/api/v1/registry/models/demo/versions/@champion"));
    assertThat(version.get("version").intValue()).isEqualTo(1);
    assertThat(version.at("/files/1/path").stringValue()).isEqualTo("model.safetensors");
    Answer file =
        team.get("/api/v1/registry/models/demo/versions/@champion/files?path=model.safetensors");
    assertThat(file.response().body()).hasSize(9);
    assertThat(file.response().headers().firstValue("Content-Length")).hasValue("9");
  }

  private static tools.jackson.databind.JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }
}
