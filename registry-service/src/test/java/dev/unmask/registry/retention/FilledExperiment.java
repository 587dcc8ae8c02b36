package dev.unmask.registry.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.testing.Await;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** An experiment with a row in every table that rows of an experiment or its runs may be in. */
final class FilledExperiment {
  private static final int POINTS = 600;

  private final LoggedRuns logged;
  private final JdbcTemplate jdbc;
  private final long experiment;
  private String run = "";
  private String model = "";

  FilledExperiment(LoggedRuns logged, JdbcTemplate jdbc) {
    this.logged = logged;
    this.jdbc = jdbc;
    this.experiment = logged.experiment("filled");
  }

  long experiment() {
    return experiment;
  }

  String run() {
    return run;
  }

  String model() {
    return model;
  }

  void fill() {
    ok(
        logged.team.post(
            "experiments/set-experiment-tag",
            "{\"experiment_id\": \"%d\", \"key\": \"k\", \"value\": \"v\"}".formatted(experiment)));
    run = logged.runs(experiment, 1, POINTS).getFirst();
    ok(logged.put(experiment, run, "a.txt", new byte[3]));
    logModel();
    post("runs/log-inputs", inputs());
    post(
        "runs/outputs",
        "{\"run_id\": \"%s\", \"models\": [{\"model_id\": \"%s\", \"step\": \"1\"}]}"
            .formatted(run, model));
    post("runs/log-metric", metric("loss", "\"NaN\"", ""));
    post("runs/log-metric", metric("of-model", "1", ", \"model_id\": \"" + model + "\""));
    ofRun("comments", "{\"text\": \"c\"}");
    ofRun(
        "samples",
        "{\"samples\": [{\"name\": \"s\", \"step\": 1, \"index\": 0, \"text\": \"t\"}]}");
    ofRun(
        "histograms",
        "{\"histograms\": [{\"key\": \"h\", \"step\": 1, \"edges\": [0, 1], \"counts\": [1]}]}");
    ok(
        logged.team.send(
            "POST",
            "/api/v1/registry/shares",
            "{\"name\": \"s\", \"runs\": [\"%s\"], \"expiresAt\": \"%s\"}"
                .formatted(run, Instant.now().plus(Duration.ofDays(1)))));
    for (String table : List.of("metric_buckets", "run_beats", "alerts")) {
      Await.until(
          "a row is in " + table,
          Duration.ofSeconds(30),
          () -> logged.count("SELECT count(*) FROM " + table) > 0);
    }
    // Nothing is on its way any more: what is written from here on would be of the purge.
    Await.until(
        "all is summarised",
        Duration.ofSeconds(30),
        () ->
            Boolean.TRUE.equals(
                jdbc.queryForObject(
                    "SELECT bool_and(dirty_from_step IS NULL) FROM metric_series", Boolean.class)));
  }

  private void logModel() {
    Answer made =
        logged.team.post(
            "logged-models",
            "{\"experiment_id\": \"%d\", \"name\": \"l\", \"source_run_id\": \"%s\","
                    .formatted(experiment, run)
                + " \"params\": [{\"key\": \"k\", \"value\": \"v\"}],"
                + " \"tags\": [{\"key\": \"k\", \"value\": \"v\"}]}");
    ok(made);
    model = made.json().at("/model/info/model_id").stringValue();
    String file =
        "/api/2.0/mlflow-artifacts/artifacts/" + experiment + "/models/" + model + "/artifacts/f";
    ok(logged.team.send("PUT", file, BodyPublishers.ofString("f")));
  }

  private String inputs() {
    return "{\"run_id\": \"%s\", \"models\": [{\"model_id\": \"%s\"}],".formatted(run, model)
        + " \"datasets\": [{\"tags\": [{\"key\": \"k\", \"value\": \"v\"}],"
        + " \"dataset\": {\"name\": \"d\", \"digest\": \"1\", \"source_type\": \"local\","
        + " \"source\": \"s\"}}]}";
  }

  private String metric(String key, String value, String more) {
    return "{\"run_id\": \"%s\", \"key\": \"%s\", \"value\": %s, \"timestamp\": 1%s}"
        .formatted(run, key, value, more);
  }

  private void ofRun(String what, String body) {
    ok(logged.team.send("POST", "/api/v1/registry/runs/" + run + "/" + what, body));
  }

  private void post(String call, String body) {
    ok(logged.team.post(call, body));
  }

  private static void ok(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isLessThan(300);
  }
}
