package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** A team with one experiment, by the calls that clients make. */
record TrackedTeam(Client client, String experiment) {
  static final String API = "/api/2.0/mlflow/";
  static final String FILES = "/api/2.0/mlflow-artifacts/artifacts/";

  static TrackedTeam of(Client client) {
    String name = "{\"name\": \"" + UUID.randomUUID() + "\"}";
    JsonNode answer = done(client.post("experiments/create", name));
    return new TrackedTeam(client, answer.get("experiment_id").stringValue());
  }

  static JsonNode done(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer.json();
  }

  String startRun() {
    return done(client.post("runs/create", "{\"experiment_id\": \"" + experiment + "\"}"))
        .at("/run/info/run_id")
        .stringValue();
  }

  JsonNode run(String runId) {
    return done(client.get(API + "runs/get?run_id=" + runId)).get("run");
  }

  /** A logged model of the experiment, with more fields after its name. */
  String logModel(String name, String... more) {
    String fields = more.length == 0 ? "" : ", " + String.join(", ", more);
    return done(client.post(
            "logged-models",
            "{\"experiment_id\": \"%s\", \"name\": \"%s\"%s}".formatted(experiment, name, fields)))
        .at("/model/info/model_id")
        .stringValue();
  }

  JsonNode model(String modelId) {
    return done(client.get(API + "logged-models/" + modelId)).get("model");
  }

  String folder(String modelId) {
    return FILES + experiment + "/models/" + modelId + "/artifacts/";
  }

  void put(String modelId, String path, String content) {
    done(client.send("PUT", folder(modelId) + path, BodyPublishers.ofString(content)));
  }

  void finish(String modelId) {
    done(
        client.send(
            "PATCH",
            API + "logged-models/" + modelId,
            "{\"model_id\": \"%s\", \"status\": \"LOGGED_MODEL_READY\"}".formatted(modelId)));
  }

  Answer register(String name, String source, String... more) {
    String fields = more.length == 0 ? "" : ", " + String.join(", ", more);
    return client.post(
        "model-versions/create",
        "{\"name\": \"%s\", \"source\": \"%s\"%s}".formatted(name, source, fields));
  }
}
