package dev.unmask.registry.mlflow;

import static dev.unmask.registry.mlflow.BadInputIT.refused;
import static dev.unmask.registry.mlflow.TrackedTeam.API;
import static dev.unmask.registry.mlflow.TrackedTeam.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Logged models, by the sequences of calls that MLflow's Python client makes. */
class LoggedModelsIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final Client client = registry.team("models-" + UUID.randomUUID());
  private final TrackedTeam team = TrackedTeam.of(client);

  /** What {@code log_model} with {@code registered_model_name} sends, in its order. */
  @Test
  void logsAModelAndRegistersItAsThePythonClientDoes() {
    String run = team.startRun();
    done(
        client.post(
            "runs/log-batch",
            """
            {"run_id": "%s", "metrics": [
              {"key": "loss", "value": 0.5, "timestamp": 7, "step": 3, "run_id": "%s"}]}
            """
                .formatted(run, run)));

    team.run(run);
    String model =
        team.logModel(
            "lm",
            "\"source_run_id\": \"" + run + "\"",
            "\"model_type\": \"pyfunc\"",
            "\"params\": [{\"key\": \"layers\", \"value\": \"4\"}]",
            "\"tags\": [{\"key\": \"kind\", \"value\": \"test\"}]");
    assertThat(model).matches("m-[0-9a-f]{32}");
    done(
        client.post(
            "runs/outputs",
            "{\"run_id\": \"%s\", \"models\": [{\"model_id\": \"%s\", \"step\": 3}]}"
                .formatted(run, model)));
    assertThat(team.run(run).at("/outputs/model_outputs/0/model_id").stringValue())
        .isEqualTo(model);
    assertThat(team.run(run).at("/outputs/model_outputs/0/step").longValue()).isEqualTo(3);
    JsonNode history =
        done(
            client.get(
                API + "metrics/get-history?metric_key=loss&max_results=25000&run_id=" + run));
    assertThat(history.get("metrics")).hasSize(1);
    done(
        client.post(
            "runs/log-batch",
            """
            {"run_id": "%s", "metrics": [{"key": "loss", "value": 0.5, "timestamp": 7, "step": 3,
              "run_id": "%s", "model_id": "%s"}]}
            """
                .formatted(run, run, model)));
    JsonNode pending = team.model(model);
    assertThat(pending.at("/info/status").stringValue()).isEqualTo("LOGGED_MODEL_PENDING");
    for (String file : List.of("requirements.txt", "MLmodel", "python_env.yaml", "conda.yaml")) {
      team.put(model, file, file);
    }
    team.finish(model);
    done(client.post("registered-models/create", "{\"name\": \"lm\"}"));
    String source = "models:/" + model;
    JsonNode version =
        done(team.register("lm", source, "\"model_id\": \"" + model + "\"")).get("model_version");
    JsonNode before = team.model(model);
    done(
        client.send(
            "PATCH",
            API + "logged-models/" + model + "/tags",
            """
            {"tags": [{"key": "mlflow.modelVersions",
                       "value": "[{\\"name\\": \\"lm\\", \\"version\\": 1}]"}]}
            """));

    assertThat(version.get("status").stringValue()).isEqualTo("READY");
    assertThat(version.get("run_id").stringValue()).isEqualTo(run);
    assertThat(version.get("model_id").stringValue()).isEqualTo(model);
    assertThat(version.get("source").stringValue()).isEqualTo(source);
    assertThat(version.at("/model_params/0").toString())
        .isEqualTo("{\"name\":\"layers\",\"value\":\"4\"}");
    assertThat(version.at("/model_metrics/0/key").stringValue()).isEqualTo("loss");
    assertThat(before.at("/info/registrations").toString())
        .isEqualTo("[{\"name\":\"lm\",\"version\":\"1\"}]");
    JsonNode after = team.model(model);
    assertThat(after.at("/info/tags").toString()).contains("mlflow.modelVersions");
    assertThat(after.at("/info/name").stringValue()).isEqualTo("lm");
    assertThat(after.at("/info/model_type").stringValue()).isEqualTo("pyfunc");
    assertThat(after.at("/info/source_run_id").stringValue()).isEqualTo(run);
    assertThat(after.at("/info/experiment_id").stringValue()).isEqualTo(team.experiment());
    assertThat(after.at("/info/status").stringValue()).isEqualTo("LOGGED_MODEL_READY");
    assertThat(after.at("/info/artifact_uri").stringValue())
        .isEqualTo("mlflow-artifacts:/" + team.experiment() + "/models/" + model + "/artifacts");
    assertThat(after.at("/info/last_updated_timestamp_ms").longValue())
        .isGreaterThanOrEqualTo(after.at("/info/creation_timestamp_ms").longValue());
    assertThat(after.at("/data/params/0/key").stringValue()).isEqualTo("layers");
    assertThat(after.at("/data/metrics/0").toString())
        .isEqualTo(
            "{\"key\":\"loss\",\"value\":0.5,\"timestamp\":7,\"step\":3,\"model_id\":\"%s\",\"run_id\":\"%s\"}"
                .formatted(model, run));
    String uri =
        done(client.get(API + "model-versions/get-download-uri?name=lm&version=1"))
            .get("artifact_uri")
            .stringValue();
    assertThat(uri).isEqualTo(after.at("/info/artifact_uri").stringValue());
  }

  /** What {@code evaluate} sends of a logged model: metrics measured on a data set. */
  @Test
  void keepsWhichDatasetAModelsMetricWasMeasuredOn() {
    String run = team.startRun();
    String model = team.logModel("evaluated");
    String metric =
        """
        {"run_id": "%s", "key": "accuracy", "value": 0.75, "timestamp": 9, "model_id": "%s",
         "dataset_name": "held-out", "dataset_digest": "d1"}
        """
            .formatted(run, model);

    done(client.post("runs/log-metric", metric));
    done(client.post("runs/log-metric", metric));
    done(client.post("runs/log-metric", metric.replace("\"d1\"", "\"d2\"")));

    JsonNode metrics = team.model(model).at("/data/metrics");
    assertThat(metrics).hasSize(2);
    assertThat(metrics.get(0).get("dataset_name").stringValue()).isEqualTo("held-out");
    assertThat(metrics.get(0).get("dataset_digest").stringValue()).isEqualTo("d1");
    assertThat(metrics.get(1).get("dataset_digest").stringValue()).isEqualTo("d2");
    assertThat(metrics.get(0).get("run_id").stringValue()).isEqualTo(run);
    // The run itself has the point once.
    assertThat(
            done(client.get(API + "metrics/get-history?metric_key=accuracy&run_id=" + run))
                .get("metrics"))
        .hasSize(1);
  }

  @Test
  void keepsNanAndAllPointsOfAModelButShowsTheLatestThousand() {
    String run = team.startRun();
    String model = team.logModel("long");
    for (int part = 0; part < 2; part++) {
      StringBuilder metrics = new StringBuilder();
      for (int i = 0; i < 600; i++) {
        int step = part * 600 + i;
        metrics
            .append(i == 0 ? "" : ",")
            .append(
                "{\"key\":\"m\",\"value\":%s,\"timestamp\":1,\"step\":%d,\"model_id\":\"%s\"}"
                    .formatted(step == 1199 ? "\"NaN\"" : "1", step, model));
      }
      done(
          client.post(
              "runs/log-batch", "{\"run_id\":\"%s\",\"metrics\":[%s]}".formatted(run, metrics)));
    }

    JsonNode metrics = team.model(model).at("/data/metrics");
    assertThat(metrics).hasSize(1_000);
    assertThat(metrics.get(0).get("step").longValue()).isEqualTo(200);
    assertThat(metrics.get(999).get("value").stringValue()).isEqualTo("NaN");
  }

  @Test
  void storesNothingOfABatchThatNamesAnUnknownModel() {
    String run = team.startRun();
    String unknown = "m-" + "0".repeat(32);
    String batch =
        """
        {"run_id": "%s", "params": [{"key": "p", "value": "1"}],
         "metrics": [{"key": "a", "value": 1, "timestamp": 1},
                     {"key": "b", "value": 1, "timestamp": 1, "model_id": "%s"}]}
        """
            .formatted(run, unknown);

    refused(
        client.post("runs/log-batch", batch),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "Logged model with ID '" + unknown + "' not found.");
    assertThat(team.run(run).at("/data/metrics").isMissingNode()).isTrue();
    assertThat(team.run(run).at("/data/params").isMissingNode()).isTrue();
  }

  @Test
  void makesUpANameAndAnswersOnlyWhatIsSet() {
    JsonNode model = done(client.post("logged-models", "{\"experiment_id\": \"0\"}")).get("model");

    assertThat(model.at("/info/name").stringValue()).matches("[a-z]+-[a-z]+-\\d+");
    assertThat(model.get("data").toString()).isEqualTo("{}");
    assertThat(model.get("info").propertyNames())
        .containsExactlyInAnyOrder(
            "model_id",
            "experiment_id",
            "name",
            "creation_timestamp_ms",
            "last_updated_timestamp_ms",
            "artifact_uri",
            "status");
  }

  @Test
  void finishesAModelByNameOrNumberAndAsOftenAsTold() {
    String model = team.logModel("finished");
    String path = API + "logged-models/" + model;

    for (String status : List.of("\"LOGGED_MODEL_READY\"", "2", "\"LOGGED_MODEL_READY\"")) {
      JsonNode answer = done(client.send("PATCH", path, "{\"status\": " + status + "}"));
      assertThat(answer.at("/model/info/status").stringValue()).isEqualTo("LOGGED_MODEL_READY");
    }
    done(client.send("PATCH", path, "{\"status\": \"LOGGED_MODEL_UPLOAD_FAILED\"}"));
    assertThat(team.model(model).at("/info/status").stringValue())
        .isEqualTo("LOGGED_MODEL_UPLOAD_FAILED");
    for (String bad : List.of("\"READY\"", "0", "9", "\"LOGGED_MODEL_STATUS_UNSPECIFIED\"")) {
      refused(
          client.send("PATCH", path, "{\"status\": " + bad + "}"),
          400,
          "INVALID_PARAMETER_VALUE",
          "'status'");
    }
    refused(client.send("PATCH", path, "{}"), 400, "INVALID_PARAMETER_VALUE", "'status'");
    refused(
        client.send("PATCH", path, "{\"model_id\": \"m-1\", \"status\": 2}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "'model_id'");
  }

  @Test
  void setsAndDeletesTags() {
    String model = team.logModel("tagged");
    String path = API + "logged-models/" + model + "/tags";

    String both = "{\"tags\": [{\"key\": \"a\", \"value\": \"1\"}, {\"key\": \"b.c\"}]}";
    assertThat(done(client.send("PATCH", path, both)).toString()).isEqualTo("{}");
    done(client.send("PATCH", path, "{\"tags\": [{\"key\": \"a\", \"value\": \"2\"}]}"));
    assertThat(team.model(model).at("/info/tags").toString())
        .isEqualTo("[{\"key\":\"a\",\"value\":\"2\"},{\"key\":\"b.c\",\"value\":\"\"}]");

    assertThat(done(client.send("DELETE", path + "/b.c", "{}")).toString()).isEqualTo("{}");
    refused(
        client.send("DELETE", path + "/b.c", "{}"),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "No tag with key 'b.c'");
    assertThat(team.model(model).at("/info/tags")).hasSize(1);
  }

  @Test
  void neverChangesParams() {
    String model = team.logModel("params", "\"params\": [{\"key\": \"a\", \"value\": \"1\"}]");
    String path = API + "logged-models/" + model + "/params";
    String more =
        "{\"params\": [{\"key\": \"a\", \"value\": \"1\"}, {\"key\": \"b\", \"value\": \"2\"}]}";

    done(client.send("POST", path, more));
    done(client.send("POST", path, more));
    refused(
        client.send("POST", path, more.replace("\"2\"", "\"3\"")),
        400,
        "INVALID_PARAMETER_VALUE",
        "Param with key='b' was already logged with value='2' for model ID='" + model + "'");
    refused(
        client.send("POST", path, "{\"params\": [{\"key\": \"c\"}, {\"key\": \"c\"}]}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "Duplicate parameter keys");
    assertThat(team.model(model).at("/data/params").toString())
        .isEqualTo("[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"2\"}]");
  }

  @Test
  void findsADeletedModelNoMore() {
    String run = team.startRun();
    String model = team.logModel("gone");
    team.put(model, "config.json", "{}");
    String path = API + "logged-models/" + model;

    assertThat(done(client.send("DELETE", path, "{}")).toString()).isEqualTo("{}");

    String message = "Logged model with ID '" + model + "' not found.";
    for (Answer answer :
        List.of(
            client.get(path),
            client.send("DELETE", path, "{}"),
            client.send("PATCH", path, "{\"status\": 2}"),
            client.send("PATCH", path + "/tags", "{}"),
            client.send("POST", path + "/params", "{}"),
            client.get(path + "/artifacts/directories"),
            client.get(team.folder(model) + "config.json"),
            client.post(
                "runs/outputs",
                "{\"run_id\": \"%s\", \"models\": [{\"model_id\": \"%s\"}]}"
                    .formatted(run, model)))) {
      refused(answer, 404, "RESOURCE_DOES_NOT_EXIST", message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a:b", "a.b", "a%b", "a\\\"b", "a'b", " ", "a\\nb"})
  void refusesNamesThatStandForSomethingElse(String name) {
    refused(
        client.post("logged-models", "{\"name\": \"" + name + "\"}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "parameter 'name'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"name\": \"LONG501\" | parameter 'name'",
        "\"model_type\": \"LONG501\" | parameter 'model_type'",
        "\"name\": 5 | parameter 'name'",
        "\"params\": [{\"value\": \"1\"}] | params[0].key",
        "\"params\": [{\"key\": \"../x\"}] | plain relative path",
        "\"tags\": [{\"key\": \"LONG251\"}] | must have 1 to 250 characters, has 251",
        "\"tags\": {\"a\": 1} | parameter 'tags'",
        "\"experiment_id\": \"../..\" | Invalid experiment ID",
      })
  void namesAFieldThatIsWrong(String fields, String message) {
    String body = "{" + fields.strip() + "}";
    body = body.replace("LONG501", "x".repeat(501)).replace("LONG251", "x".repeat(251));

    Answer answer = client.post("logged-models", body);

    refused(answer, 400, "INVALID_PARAMETER_VALUE", message.strip());
  }

  @Test
  void refusesExperimentsAndRunsThatAreNotThere() {
    refused(
        client.post("logged-models", "{\"experiment_id\": \"987654\"}"),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "No Experiment with id=987654 exists");
    refused(
        client.post("logged-models", "{\"source_run_id\": \"nope\"}"),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "Run with id=nope not found");
  }

  @Test
  void servesTheWebPagesPrefixToo() {
    String model = team.logModel("ajax");

    assertThat(client.get("/ajax-api/2.0/mlflow/logged-models/" + model).json())
        .isEqualTo(client.get(API + "logged-models/" + model).json());
  }

  @Test
  void recordsWhoDeletedAModel() {
    String model = team.logModel("audited");
    client.send("DELETE", API + "logged-models/" + model, "{}");

    Integer entries =
        registry
            .bean(org.springframework.jdbc.core.JdbcTemplate.class)
            .queryForObject(
                "SELECT count(*) FROM audit_log WHERE action = 'logged-model.delete'"
                    + " AND object = ?",
                Integer.class,
                model);
    assertThat(entries).isEqualTo(1);
  }
}
