package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong requests get the protocol's envelope, its status and its words, and change nothing. */
class BadInputIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("bad-" + UUID.randomUUID());
  private String run = "";

  @BeforeEach
  void startRun() {
    run =
        team.post("runs/create", "{\"experiment_id\": \"0\"}")
            .json()
            .at("/run/info/run_id")
            .stringValue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "experiments/create | {} | name",
        "experiments/create | {\"experimentName\": \"x\"} | name",
        "runs/log-metric | {\"value\": 1, \"timestamp\": 1, \"key\": \"m\"} | run_id",
        "runs/log-metric | {\"run_id\": \"RUN\", \"value\": 1, \"timestamp\": 1} | key",
        "runs/log-metric | {\"run_id\": \"RUN\", \"key\": \"m\", \"timestamp\": 1} | value",
        "runs/log-metric | {\"run_id\": \"RUN\", \"key\": \"m\", \"value\": 1} | timestamp",
        "runs/log-batch | {\"run_id\": \"RUN\", \"metrics\": [{\"key\": \"m\", \"value\": 1}]}"
            + " | metrics[0].timestamp",
        "runs/log-batch | {\"run_id\": \"RUN\", \"params\": [{\"value\": \"1\"}]} | params[0].key",
        "registered-models/create | {} | name",
        "model-versions/create | {\"name\": \"x\"} | source",
      })
  void namesAMissingField(String call, String body, String field) {
    Answer answer = team.post(call.strip(), body.strip().replace("RUN", run));

    refused(
        answer,
        400,
        "INVALID_PARAMETER_VALUE",
        "Missing value for required parameter '" + field.strip() + "'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"key\": \"m\", \"value\": \"abc\", \"timestamp\": 1}|Invalid value \"abc\" for parameter"
            + " 'value' supplied:  Hint: Value was of type 'str'.",
        "{\"key\": \"m\", \"value\": 1, \"timestamp\": \"soon\"}|parameter 'timestamp'",
        "{\"key\": \"m\", \"value\": 1, \"timestamp\": -1}|parameter 'timestamp'",
        "{\"key\": \"m\", \"value\": 1, \"timestamp\": 1, \"step\": [1]}|Value was of type 'list'",
        "{\"key\": 5, \"value\": 1, \"timestamp\": 1}|parameter 'key'",
        "{\"key\": \"a//b\", \"value\": 1, \"timestamp\": 1}|plain relative path",
        "{\"key\": \"../b\", \"value\": 1, \"timestamp\": 1}|plain relative path",
        "{\"key\": \"a$b\", \"value\": 1, \"timestamp\": 1}|may hold letters",
      })
  void namesAFieldOfTheWrongType(String fields, String message) {
    Answer answer =
        team.post("runs/log-metric", "{\"run_id\": \"" + run + "\", " + fields.substring(1));

    refused(answer, 400, "INVALID_PARAMETER_VALUE", message);
    assertThat(details().at("/run/data/metrics").isMissingNode()).isTrue();
  }

  @Test
  void takesNumbersAsStringsAndForeignLettersInKeys() {
    Answer answer =
        team.post(
            "runs/log-metric",
            "{\"run_id\": \"%s\", \"key\": \"é/loss x\", \"value\": \"1.5\", \"timestamp\": \"7\"}"
                .formatted(run));

    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("{}");
  }

  @Test
  void refusesBrokenJsonAndOtherMediaTypes() {
    refused(team.post("runs/search", "{\"a\":"), 400, "INVALID_PARAMETER_VALUE", "not valid JSON");
    refused(team.post("runs/search", "[1]"), 400, "INVALID_PARAMETER_VALUE", "JSON object");
    refused(
        team.send(
            "POST",
            "/api/2.0/mlflow/runs/search",
            BodyPublishers.ofString("{}"),
            "Content-Type",
            "text/plain"),
        400,
        "INVALID_PARAMETER_VALUE",
        "Bad Request. Content-Type");
  }

  @Test
  void refusesABodyOverItsLimitAndUnknownCalls() {
    String large = "{\"filter\": \"" + "x".repeat(1_000_001) + "\"}";

    refused(team.post("runs/search", large), 413, "INVALID_PARAMETER_VALUE", "at most 1000000");
    refused(team.post("runs/fly", "{}"), 404, "ENDPOINT_NOT_FOUND", "no such call");
    refused(team.get("/api/2.0/mlflow/runs/search"), 404, "ENDPOINT_NOT_FOUND", "no such call");
  }

  @Test
  void refusesToChangeAParam() {
    String first = "{\"run_id\": \"%s\", \"key\": \"lr\", \"value\": \"0.1\"}".formatted(run);
    team.post("runs/log-parameter", first);

    assertThat(team.post("runs/log-parameter", first).status()).isEqualTo(200);
    refused(
        team.post("runs/log-parameter", first.replace("0.1", "0.2")),
        400,
        "INVALID_PARAMETER_VALUE",
        "Changing param values is not allowed. Param with key='lr' was already logged with"
            + " value='0.1' for run ID='"
            + run
            + "'. Attempted logging new value '0.2'.");
    refused(
        team.post(
            "runs/log-batch",
            """
            {"run_id": "%s", "params": [{"key": "lr", "value": "3"}, {"key": "new", "value": "1"}],
             "tags": [{"key": "t", "value": "1"}]}
            """
                .formatted(run)),
        400,
        "INVALID_PARAMETER_VALUE",
        "Params were already logged='[{'key': 'lr', 'old_value': '0.1', 'new_value': '3'}]'");
    assertThat(details().at("/run/data/params")).hasSize(1);
    assertThat(details().at("/run/data/tags")).hasSize(1);
  }

  @Test
  void storesNothingOfABatchWithOneBadMetric() {
    String batch =
        """
        {"run_id": "%s", "params": [{"key": "p", "value": "1"}],
         "tags": [{"key": "t", "value": "1"}],
         "metrics": [{"key": "good", "value": 1, "timestamp": 1},
                     {"key": "bad", "value": "x", "timestamp": 1}]}
        """
            .formatted(run);

    refused(team.post("runs/log-batch", batch), 400, "INVALID_PARAMETER_VALUE", "metrics[1].value");
    assertThat(details().at("/run/data/params").isMissingNode()).isTrue();
    assertThat(details().at("/run/data/metrics").isMissingNode()).isTrue();
    assertThat(details().at("/run/data/tags")).hasSize(1);
  }

  @Test
  void storesARepeatedBatchOnceAndTellsTheLatestByStep() {
    String batch =
        """
        {"run_id": "%s", "metrics": [
          {"key": "m", "value": 1, "timestamp": 5, "step": 9},
          {"key": "m", "value": 2, "timestamp": 6, "step": 3},
          {"key": "m", "value": "NaN", "timestamp": 6, "step": 3},
          {"key": "m", "value": "NaN", "timestamp": 6, "step": 3}]}
        """
            .formatted(run);

    assertThat(team.post("runs/log-batch", batch).status()).isEqualTo(200);
    assertThat(team.post("runs/log-batch", batch).status()).isEqualTo(200);

    var history = team.get("/api/2.0/mlflow/metrics/get-history?metric_key=m&run_id=" + run).json();
    assertThat(history.get("metrics")).hasSize(3);
    assertThat(details().at("/run/data/metrics/0/value").doubleValue()).isEqualTo(1);
  }

  @Test
  void limitsTheSizeOfABatch() {
    String params = "{\"key\": \"p%d\", \"value\": \"1\"}";
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 101; i++) {
      many.append(i == 0 ? "" : ",").append(params.formatted(i));
    }

    refused(
        team.post("runs/log-batch", "{\"run_id\": \"%s\", \"params\": [%s]}".formatted(run, many)),
        400,
        "INVALID_PARAMETER_VALUE",
        "at most 100 params");
    refused(
        team.post(
            "runs/log-batch",
            "{\"run_id\": \"%s\", \"params\": [%s,%s]}"
                .formatted(run, params.formatted(1), params.formatted(1))),
        400,
        "INVALID_PARAMETER_VALUE",
        "Duplicate parameter keys");
  }

  @Test
  void cutsValuesThatAreTooLongInsteadOfRefusingThem() {
    team.post(
        "runs/log-parameter",
        "{\"run_id\": \"%s\", \"key\": \"long\", \"value\": \"%s\"}"
            .formatted(run, "x".repeat(6_001)));

    assertThat(details().at("/run/data/params/0/value").stringValue()).hasSize(6_000);
  }

  @Test
  void answersWhatIsMissingByTheProtocolsWords() {
    refused(
        team.get("/api/2.0/mlflow/runs/get?run_id=0000"),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "Run with id=0000 not found");
    refused(
        team.get("/api/2.0/mlflow/experiments/get?experiment_id=99999"),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "No Experiment with id=99999 exists");
    refused(
        team.get("/api/2.0/mlflow/experiments/get?experiment_id=abc"),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "No Experiment with id=abc exists");
    refused(
        team.get("/api/2.0/mlflow/registered-models/get?name=none"),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "Registered Model with name=none not found");
    refused(
        team.get("/api/2.0/mlflow/model-versions/get?name=none&version=7"),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "Model Version (name=none, version=7) not found");
    refused(
        team.get("/api/2.0/mlflow/model-versions/get?name=none&version=abc"),
        400,
        "INVALID_PARAMETER_VALUE",
        "Parameter 'version' must be an integer, got 'abc'.");
    refused(
        team.post("runs/delete-tag", "{\"run_id\": \"%s\", \"key\": \"k\"}".formatted(run)),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "No tag with name: k in run with id " + run);
  }

  @Test
  void tellsAMissingAliasFromAMissingModel() {
    team.post("registered-models/create", "{\"name\": \"m\"}");

    refused(
        team.get("/api/2.0/mlflow/registered-models/alias?name=m&alias=nope"),
        400,
        "INVALID_PARAMETER_VALUE",
        "Registered model alias nope not found.");
    assertThat(
            team.send(
                    "DELETE",
                    "/api/2.0/mlflow/registered-models/alias",
                    "{\"name\": \"m\", \"alias\": \"nope\"}")
                .status())
        .isEqualTo(200);
    Answer problem = team.get("/api/v1/registry/models/m/versions/@nope");
    assertThat(problem.status()).isEqualTo(404);
    assertThat(problem.json().get("code").stringValue()).isEqualTo("MODEL_ALIAS_NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metrics.a >",
        "x",
        "params.a = 5",
        "metrics.a = 'x'",
        "a.b = 'x'",
        "   ",
        "params.a = 'x' OR" + " params.b = 'y'",
        "status LIKE",
        "attributes.nope = 'x'",
        "metrics.a LIKE 'x'",
        "run_id IN ('a'",
        "params.a = 'open",
        "name = 'a' ;"
      })
  void refusesAFilterItDoesNotUnderstand(String filter) {
    Answer answer =
        team.post(
            "runs/search", "{\"experiment_ids\": [\"0\"], \"filter\": \"%s\"}".formatted(filter));

    refused(answer, 400, "INVALID_PARAMETER_VALUE", "Invalid");
  }

  @Test
  void refusesPagesAndOrdersItDoesNotUnderstand() {
    refused(
        team.post("runs/search", "{\"max_results\": 0}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer");
    refused(
        team.post("runs/search", "{\"page_token\": \"%%\"}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "Invalid page token, could not base64-decode");
    refused(
        team.post("runs/search", "{\"order_by\": [\"metrics.a DESC, params.b\"]}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "Invalid order_by clause");
    refused(
        team.post("runs/search", "{\"order_by\": [\"metrics.a\", \"metrics.a DESC\"]}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "duplicate");
    refused(
        team.post("runs/search", "{\"order_by\": [\"nope\"]}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "Invalid ordering key in order_by clause 'nope'");
  }

  @Test
  void refusesNamesThatAreTaken() {
    team.post("experiments/create", "{\"name\": \"x\"}");
    team.post("registered-models/create", "{\"name\": \"x\"}");

    refused(
        team.post("experiments/create", "{\"name\": \"x\"}"),
        400,
        "RESOURCE_ALREADY_EXISTS",
        "Experiment(name=x) already exists.");
    refused(
        team.post("registered-models/create", "{\"name\": \"x\"}"),
        400,
        "RESOURCE_ALREADY_EXISTS",
        "Registered Model (name=x) already exists.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/passwd", "/etc", "http://10.0.0.1/x", "runs:/RUN/../x", "s3://b"})
  void refusesSourcesOutsideTheTeamsRuns(String source) {
    team.post("registered-models/create", "{\"name\": \"src\"}");

    Answer answer =
        team.post(
            "model-versions/create",
            "{\"name\": \"src\", \"source\": \"%s\"}".formatted(source.replace("RUN", run)));

    refused(answer, 400, "INVALID_PARAMETER_VALUE", "Invalid");
    assertThat(team.get("/api/2.0/mlflow/model-versions/search").text()).isEqualTo("{}");
  }

  private tools.jackson.databind.JsonNode details() {
    return team.get("/api/2.0/mlflow/runs/get?run_id=" + run).json();
  }

  static void refused(Answer answer, int status, String code, String message) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.json().get("error_code").stringValue()).isEqualTo(code);
    assertThat(answer.json().get("message").stringValue()).contains(message);
  }
}
