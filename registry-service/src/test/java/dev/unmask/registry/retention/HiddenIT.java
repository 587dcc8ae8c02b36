package dev.unmask.registry.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.testing.PostgresExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** From the answer of a purge on nobody sees what it is about, though every row is still there. */
class HiddenIT {
  private static final String NATIVE = "/api/v1/registry";
  private static final String MLFLOW = "/api/2.0/mlflow";

  @TempDir private Path folder;
  private RegistryServer registry;
  private LoggedRuns logged;
  private FilledExperiment filled;
  private Client holder;
  private String other = "";

  @BeforeEach
  void start() {
    registry =
        RegistryServer.start(
            PostgresExtension.freshDatabase(),
            folder,
            "--unmask.registry.retention.enabled=false",
            "--unmask.registry.runs.beat-every=20ms",
            "--unmask.registry.series.pause=20ms");
    logged = new LoggedRuns(registry);
    filled = new FilledExperiment(logged, registry.bean(JdbcTemplate.class));
    filled.fill();
    other = logged.runs(logged.experiment("other"), 1, 1).getFirst();
    post("runs/outputs", outputs(other));
    JsonNode share =
        logged
            .team
            .send(
                "POST",
                NATIVE + "/shares",
                "{\"name\": \"t\", \"runs\": [\"%s\", \"%s\"], \"artifacts\": true,"
                        .formatted(filled.run(), other)
                    + " \"expiresAt\": \"%s\"}".formatted(Instant.now().plus(Duration.ofDays(1))))
            .json();
    holder = registry.as(registry.exchange(share.get("secret").stringValue()));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void answersLikeForUnknownOnes() {
    String experiment = Long.toString(filled.experiment());
    String run = filled.run();
    String model = MLFLOW + "/logged-models/" + filled.model();
    String files = "/api/2.0/mlflow-artifacts/artifacts/" + experiment + "/models/";
    String alert = alerts().getFirst().get("id").asString();
    assertThat(get(NATIVE + "/runs/" + run).status()).isEqualTo(200);
    assertThat(get(model).status()).isEqualTo(200);

    logged.purgeExperiment(filled.experiment());

    assertThat(logged.count("SELECT count(*) FROM runs WHERE run_id = ?", run)).isEqualTo(1);
    unknown(get(NATIVE + "/runs/" + run));
    unknown(get(NATIVE + "/runs/" + run + "/note"));
    unknown(send("PUT", NATIVE + "/runs/" + run + "/note", "{\"text\": \"n\"}"));
    unknown(send("POST", NATIVE + "/runs/" + run + "/heartbeat", ""));
    unknown(get(NATIVE + "/runs/" + run + "/comments"));
    for (String route : List.of("lineage", "samples", "histograms/keys", "histograms?key=h")) {
      unknown(get(NATIVE + "/runs/" + run + "/" + route));
    }
    for (String export : List.of("/runs/export", "/runs/export/points")) {
      unknown(
          nativePost(
              export, "{\"format\": \"json\", \"experiments\": [%s]}".formatted(experiment)));
    }
    unknown(nativePost("/runs/" + run + "/comments", "{\"text\": \"c\"}"));
    unknown(get(NATIVE + "/experiments/" + experiment + "/note"));
    unknown(nativePost("/series", "{\"runs\": [\"%s\"], \"keys\": [\"loss\"]}".formatted(run)));
    unknown(nativePost("/runs/differences", "{\"runs\": [\"%s\", \"%s\"]}".formatted(run, other)));
    unknown(nativePost("/runs/search", "{\"experiments\": [%s]}".formatted(experiment)));
    unknown(
        nativePost(
            "/runs/groups",
            "{\"experiments\": [%s], \"by\": \"params.layers\", \"metrics\": [\"loss\"]}"
                .formatted(experiment)));
    unknown(
        nativePost(
            "/shares",
            "{\"name\": \"u\", \"runs\": [\"%s\"], \"expiresAt\": \"%s\"}"
                .formatted(run, Instant.now().plus(Duration.ofDays(1)))));
    unknown(nativePost("/alerts/" + alert + "/acknowledge", ""));
    unknown(get("/get-artifact?run_uuid=" + run + "&path=a.txt"));
    unknown(
        get(
            MLFLOW
                + "/metrics/get-history-bulk-interval?metric_key=loss&max_results=5&run_ids="
                + run));
    unknown(get("/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=loss&run_id=" + run));
    unknown(
        call("runs/log-inputs", "{\"run_id\": \"" + run + "\", \"datasets\": [], \"models\": []}"));
    unknown(call("runs/outputs", outputs(run)));
    unknown(get(model));
    unknown(send("PATCH", model, "{\"status\": \"LOGGED_MODEL_READY\"}"));
    unknown(send("DELETE", model, ""));
    unknown(get(files + filled.model() + "/artifacts/f"));
    unknown(
        call(
            "runs/log-metric",
            "{\"run_id\": \"%s\", \"model_id\": \"%s\", \"key\": \"a\", \"value\": 1,"
                    .formatted(other, filled.model())
                + " \"timestamp\": 1}"));
    post("registered-models/create", "{\"name\": \"m\"}");
    unknown(
        call(
            "model-versions/create", "{\"name\": \"m\", \"source\": \"runs:/" + run + "/a.txt\"}"));
    unknown(
        call(
            "model-versions/create",
            "{\"name\": \"m\", \"source\": \"models:/" + filled.model() + "\"}"));
  }

  @Test
  void leavesItOutOfWhateverShowsMore() {
    String ids = "{\"experiment_ids\": [\"" + filled.experiment() + "\"]}";
    String outputs = "/run/outputs/model_outputs";
    assertThat(alerts()).isNotEmpty();
    assertThat(shared()).hasSize(2);
    assertThat(call("logged-models/search", ids).json().get("models")).hasSize(1);
    assertThat(logged.getRun(other).json().at(outputs)).hasSize(1);
    assertThat(lineage()).contains(filled.model(), filled.run());

    String purge = logged.purgeExperiment(filled.experiment()).get("id").stringValue();

    assertThat(alerts()).isEmpty();
    assertThat(shared()).hasSize(1);
    assertThat(shared().get(0).get("runId").stringValue()).isEqualTo(other);
    unknown(holder.get(NATIVE + "/shared/runs/" + filled.run() + "/history?metric=loss"));
    unknown(holder.get(NATIVE + "/shared/runs/" + filled.run() + "/file?path=a.txt"));
    for (JsonNode share : get(NATIVE + "/shares").json()) {
      assertThat(share.get("runs").toString()).doesNotContain(filled.run());
    }
    assertThat(call("logged-models/search", ids).json().path("models")).isEmpty();
    assertThat(call("runs/search", ids).json().path("runs")).isEmpty();
    assertThat(logged.getRun(other).json().at(outputs)).isEmpty();
    assertThat(lineage()).contains(other).doesNotContain(filled.model(), filled.run());

    logged.cancel(purge);

    assertThat(alerts()).isNotEmpty();
    assertThat(shared()).hasSize(2);
    assertThat(call("logged-models/search", ids).json().get("models")).hasSize(1);
    assertThat(call("runs/search", ids).json().get("runs")).hasSize(1);
    assertThat(logged.getRun(other).json().at(outputs)).hasSize(1);
  }

  @Test
  void leavesPointsOfAPurgedRunOutOfTheModelThatStays() {
    String model = MLFLOW + "/logged-models/" + filled.model();
    assertThat(get(model).json().at("/model/data/metrics")).hasSize(1);

    logged.purgeRuns("{\"runs\": [\"" + filled.run() + "\"]}");

    assertThat(get(model).json().at("/model/data/metrics")).isEmpty();
    assertThat(get(model).json().at("/model/info/source_run_id").stringValue())
        .isEqualTo(filled.run());
  }

  private String outputs(String run) {
    return "{\"run_id\": \"%s\", \"models\": [{\"model_id\": \"%s\", \"step\": \"1\"}]}"
        .formatted(run, filled.model());
  }

  /** Of the run that is purged. */
  private List<JsonNode> alerts() {
    return get(NATIVE + "/alerts")
        .json()
        .valueStream()
        .filter(alert -> alert.get("runId").stringValue().equals(filled.run()))
        .toList();
  }

  /** Of the run that stays and made the model, too. */
  private String lineage() {
    return get(NATIVE + "/runs/" + other + "/lineage").json().toString();
  }

  private JsonNode shared() {
    return holder.get(NATIVE + "/shared").json().get("runs");
  }

  private Answer get(String path) {
    return logged.team.get(path);
  }

  private Answer nativePost(String route, String body) {
    return send("POST", NATIVE + route, body);
  }

  private Answer call(String call, String body) {
    return logged.team.post(call, body);
  }

  private Answer send(String method, String path, String body) {
    return body.isEmpty()
        ? logged.team.send(method, path, BodyPublishers.noBody())
        : logged.team.send(method, path, body);
  }

  private void post(String call, String body) {
    Answer answer = call(call, body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }

  private static void unknown(Answer answer) {
    assertThat(answer.status()).as(answer.response().uri() + " " + answer).isEqualTo(404);
  }
}
