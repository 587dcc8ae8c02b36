package dev.unmask.registry.mlflow;

import static dev.unmask.registry.mlflow.BadInputIT.refused;
import static dev.unmask.registry.mlflow.TrackedTeam.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What runs read and made. */
class RunLinksIT {
  private static final String DATASET =
      """
      {"tags": [{"key": "mlflow.data.context", "value": "%s"}],
       "dataset": {"name": "%s", "digest": "%s", "source_type": "local", "source": "{\\"uri\\": 1}",
                   "schema": "{\\"columns\\": []}", "profile": "{\\"rows\\": 3}"}}
      """;

  private final Client client = RegistryServer.shared().team("inputs-" + UUID.randomUUID());
  private final TrackedTeam team = TrackedTeam.of(client);
  private final String run = team.startRun();

  /** What {@code log_input} sends, twice as a client does whose first answer was lost. */
  @Test
  void keepsTheDatasetsOfARunOnce() {
    String body = inputs(DATASET.formatted("training", "corpus", "d1"));

    assertThat(done(client.post("runs/log-inputs", body)).toString()).isEqualTo("{}");
    done(client.post("runs/log-inputs", body));

    JsonNode datasets = team.run(run).at("/inputs/dataset_inputs");
    assertThat(datasets).hasSize(1);
    assertThat(datasets.get(0).toString())
        .isEqualTo(
            "{\"tags\":[{\"key\":\"mlflow.data.context\",\"value\":\"training\"}],"
                + "\"dataset\":{\"name\":\"corpus\",\"digest\":\"d1\",\"source_type\":\"local\","
                + "\"source\":\"{\\\"uri\\\": 1}\",\"schema\":\"{\\\"columns\\\": []}\","
                + "\"profile\":\"{\\\"rows\\\": 3}\"}}");
    assertThat(team.run(run).get("outputs").toString()).isEqualTo("{}");
  }

  @Test
  void tellsContentsOfOneNameApartAndSharesThemBetweenRuns() {
    String other = team.startRun();
    String both =
        DATASET.formatted("training", "corpus", "d1")
            + ","
            + DATASET.formatted("evaluation", "corpus", "d2");
    done(client.post("runs/log-inputs", inputs(both)));
    done(client.post("runs/log-inputs", inputs(both).replace(run, other)));

    for (String id : List.of(run, other)) {
      assertThat(team.run(id).at("/inputs/dataset_inputs")).hasSize(2);
    }
    assertThat(found("datasets.digest = 'd2'")).hasSize(2);
  }

  @Test
  void replacesWhatADatasetWasReadFor() {
    done(client.post("runs/log-inputs", inputs(DATASET.formatted("training", "c", "1"))));
    done(
        client.post(
            "runs/log-inputs",
            inputs(
                DATASET.formatted("a", "c", "1") + "," + DATASET.formatted("testing", "c", "1"))));

    assertThat(team.run(run).at("/inputs/dataset_inputs")).hasSize(1);
    assertThat(team.run(run).at("/inputs/dataset_inputs/0/tags/0/value").stringValue())
        .isEqualTo("testing");
  }

  @Test
  void findsRunsByTheirDatasets() {
    team.startRun();
    done(client.post("runs/log-inputs", inputs(DATASET.formatted("training", "corpus", "d1"))));

    for (String filter :
        List.of(
            "datasets.name = 'corpus'",
            "dataset.name LIKE 'cor%'",
            "dataset.name IN ('corpus', 'x')",
            "datasets.digest ILIKE 'D1'",
            "dataset.context = 'training' AND dataset.digest != 'd2'")) {
      assertThat(found(filter)).as(filter).containsExactly(run);
    }
    assertThat(found("datasets.name = 'Corpus'")).isEmpty();
    assertThat(found("dataset.context NOT IN ('training')")).isEmpty();
    refused(search("dataset.rows = '1'"), 400, "INVALID_PARAMETER_VALUE", "name, digest and");
    refused(search("dataset.name > 'a'"), 400, "INVALID_PARAMETER_VALUE", "no operator");
    refused(
        client.post(
            "runs/search",
            "{\"experiment_ids\": [\"%s\"], \"order_by\": [\"dataset.name\"]}"
                .formatted(team.experiment())),
        400,
        "INVALID_PARAMETER_VALUE",
        "Invalid ordering key");
  }

  @Test
  void showsInputsAndOutputsInSearchesToo() {
    String model = team.logModel("m");
    done(
        client.post(
            "runs/log-inputs",
            "{\"run_id\": \"%s\", \"datasets\": [%s], \"models\": [{\"model_id\": \"%s\"}]}"
                .formatted(run, DATASET.formatted("training", "corpus", "d1"), model)));
    done(client.post("runs/outputs", outputs(model, 7)));
    done(client.post("runs/outputs", outputs(model, 9)));

    JsonNode shown = done(search("")).at("/runs/0");
    assertThat(shown).isEqualTo(team.run(run));
    assertThat(shown.at("/inputs/dataset_inputs")).hasSize(1);
    assertThat(shown.at("/inputs/model_inputs").toString())
        .isEqualTo("[{\"model_id\":\"" + model + "\"}]");
    assertThat(shown.at("/outputs/model_outputs").toString())
        .isEqualTo("[{\"model_id\":\"" + model + "\",\"step\":9}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"name\": \"corpus\" | \"name\": \"\" | datasets[0].dataset.name",
        "\"digest\": \"d1\" | \"digest\": null | datasets[0].dataset.digest",
        "\"source_type\": \"local\", | | datasets[0].dataset.source_type",
        "\"name\": \"corpus\" | \"name\": \"LONG501\" | datasets[0].dataset.name",
        "\"digest\": \"d1\" | \"digest\": \"LONG37\" | datasets[0].dataset.digest",
        "\"source_type\": \"local\" | \"source_type\": \"LONG37\" | datasets[0].dataset.source_type",
        "{\\\"rows\\\": 3} | LONG4300000 | at most",
        "{\\\"columns\\\": []} | LONG1048576 | datasets[0].dataset.schema",
        "{\\\"uri\\\": 1} | LONG65536 | datasets[0].dataset.source",
        "\"training\" | \"LONG501\" | datasets[0].tags.value",
        "mlflow.data.context | LONG256 | datasets[0].tags.key",
        "\"dataset\": | \"other\": | datasets[0].dataset",
      })
  void namesAPartThatIsMissingOrTooLong(String part, @Nullable String by, String message) {
    String dataset = DATASET.formatted("training", "corpus", "d1");
    String changed = dataset.replace(part.strip(), by == null ? "" : by.strip());
    assertThat(changed).isNotEqualTo(dataset);
    for (int length : List.of(4_300_000, 1_048_576, 65_536, 501, 256, 37)) {
      changed = changed.replace("LONG" + length, "x".repeat(length));
    }

    Answer answer = client.post("runs/log-inputs", inputs(changed));

    assertThat(answer.status()).as(answer.toString()).isIn(400, 413);
    assertThat(answer.json().get("error_code").stringValue()).isEqualTo("INVALID_PARAMETER_VALUE");
    assertThat(answer.json().get("message").stringValue()).contains(message.strip());
    assertThat(team.run(run).get("inputs").toString()).isEqualTo("{}");
  }

  @Test
  void takesTheLongestNameDigestSourceAndSchema() {
    String dataset =
        DATASET
            .formatted("x".repeat(500), "é".repeat(500), "d".repeat(36))
            .replace("{\\\"uri\\\": 1}", "s".repeat(65_535))
            .replace("{\\\"columns\\\": []}", "c".repeat(1_048_575));

    done(client.post("runs/log-inputs", inputs(dataset)));

    JsonNode kept = team.run(run).at("/inputs/dataset_inputs/0/dataset");
    assertThat(kept.get("name").stringValue()).hasSize(500);
    assertThat(kept.get("schema").stringValue()).hasSize(1_048_575);
  }

  @Test
  void limitsHowManyDatasetsComeAtOnce() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(DATASET.formatted("training", "c" + i, "d"));
    }
    done(client.post("runs/log-inputs", inputs(String.join(",", many))));
    assertThat(team.run(run).at("/inputs/dataset_inputs")).hasSize(1_000);

    many.add(DATASET.formatted("training", "one more", "d"));
    refused(
        client.post("runs/log-inputs", inputs(String.join(",", many))),
        400,
        "INVALID_PARAMETER_VALUE",
        "parameter 'datasets': at most 1000");
  }

  @Test
  void storesNothingWhenOneModelIsUnknown() {
    String unknown = "m-" + "0".repeat(32);

    refused(
        client.post(
            "runs/log-inputs",
            "{\"run_id\": \"%s\", \"datasets\": [%s], \"models\": [{\"model_id\": \"%s\"}]}"
                .formatted(run, DATASET.formatted("training", "corpus", "d1"), unknown)),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        unknown);
    refused(
        client.post("runs/outputs", outputs(unknown, 1)), 404, "RESOURCE_DOES_NOT_EXIST", unknown);
    assertThat(team.run(run).get("inputs").toString()).isEqualTo("{}");
    assertThat(team.run(run).get("outputs").toString()).isEqualTo("{}");
  }

  @Test
  void refusesUnknownAndDeletedRunsAndMissingFields() {
    String model = team.logModel("m");
    refused(
        client.post("runs/log-inputs", inputs("").replace(run, "nope")),
        404,
        "RESOURCE_DOES_NOT_EXIST",
        "Run with id=nope not found");
    refused(client.post("runs/log-inputs", "{}"), 400, "INVALID_PARAMETER_VALUE", "'run_id'");
    refused(
        client.post("runs/outputs", "{\"run_id\": \"" + run + "\"}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "'models'");
    refused(
        client.post("runs/outputs", outputs(model, 1).replace("model_id", "id")),
        400,
        "INVALID_PARAMETER_VALUE",
        "'models[0].model_id'");

    done(client.post("runs/delete", "{\"run_id\": \"" + run + "\"}"));

    for (String call : List.of("runs/log-inputs", "runs/outputs")) {
      refused(
          client.post(call, outputs(model, 1)),
          400,
          "INVALID_PARAMETER_VALUE",
          "must be in the 'active' state. Current state is deleted.");
    }
  }

  @Test
  void takesTheSameDatasetsFromManyRunsAtOnce() throws Exception {
    List<String> runs = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      runs.add(team.startRun());
    }
    List<Future<Answer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < runs.size(); i++) {
        List<String> datasets = new ArrayList<>();
        for (int j = 0; j < 50; j++) {
          datasets.add(DATASET.formatted("training", "c" + (i % 2 == 0 ? j : 49 - j), "d"));
        }
        String body = inputs(String.join(",", datasets)).replace(run, runs.get(i));
        answers.add(threads.submit(() -> client.post("runs/log-inputs", body)));
      }
    }

    for (Future<Answer> answer : answers) {
      done(answer.get());
    }
    assertThat(found("datasets.name = 'c7'")).containsExactlyInAnyOrderElementsOf(runs);
  }

  /** What {@code log_model} of 2.x clients sends. */
  @Test
  void listsModelsOfOlderClientsInATagOnceEach() {
    String model =
        """
        {"run_id": "%s", "artifact_path": "%s", "utc_time_created": "2026-11-01 10:00:00",
         "flavors": {"python_function": {"loader_module": "x"}}, "model_uuid": "u",
         "signature": {"inputs": "long"}}
        """;
    String first = model.formatted(run, "a");

    done(client.post("runs/log-model", legacy(first)));
    done(client.post("runs/log-model", legacy(first)));
    done(client.post("runs/log-model", legacy(model.formatted(run, "b"))));

    String history = tag("mlflow.log-model.history");
    JsonNode list = JsonMapper.shared().readTree(history);
    assertThat(list).hasSize(2);
    assertThat(list.get(0).get("artifact_path").stringValue()).isEqualTo("a");
    assertThat(list.get(1).get("artifact_path").stringValue()).isEqualTo("b");
    assertThat(history).doesNotContain("signature");
  }

  @Test
  void keepsThatTagReadableWhenItIsFull() {
    String model =
        """
        {"run_id": "%s", "artifact_path": "%d", "utc_time_created": "t",
         "flavors": {"f": "%s"}}
        """;
    for (int i = 0; i < 5; i++) {
      done(client.post("runs/log-model", legacy(model.formatted(run, i, "x".repeat(2_500)))));
    }

    JsonNode list = JsonMapper.shared().readTree(tag("mlflow.log-model.history"));
    assertThat(list).hasSize(3);
    assertThat(list.get(2).get("artifact_path").stringValue()).isEqualTo("4");
    refused(
        client.post("runs/log-model", legacy(model.formatted(run, 6, "x".repeat(9_000)))),
        400,
        "INVALID_PARAMETER_VALUE",
        "'model_json'");
  }

  @Test
  void refusesWhatDescribesNoModel() {
    refused(
        client.post("runs/log-model", legacy("{")), 400, "INVALID_PARAMETER_VALUE", "'model_json'");
    refused(
        client.post("runs/log-model", legacy("{\"flavors\": {}}")),
        400,
        "INVALID_PARAMETER_VALUE",
        "[artifact_path, run_id, utc_time_created]");
  }

  private String tag(String key) {
    for (JsonNode tag : team.run(run).at("/data/tags")) {
      if (tag.get("key").stringValue().equals(key)) {
        return tag.get("value").stringValue();
      }
    }
    return "";
  }

  private String legacy(String model) {
    return "{\"run_id\": \"%s\", \"model_json\": %s}"
        .formatted(run, JsonMapper.shared().writeValueAsString(model));
  }

  private String inputs(String datasets) {
    return "{\"run_id\": \"" + run + "\", \"datasets\": [" + datasets + "]}";
  }

  private String outputs(String model, int step) {
    return "{\"run_id\": \"%s\", \"models\": [{\"model_id\": \"%s\", \"step\": %d}]}"
        .formatted(run, model, step);
  }

  private List<String> found(String filter) {
    List<String> ids = new ArrayList<>();
    done(search(filter)).path("runs").forEach(r -> ids.add(r.at("/info/run_id").stringValue()));
    return ids;
  }

  private Answer search(String filter) {
    return client.post(
        "runs/search",
        "{\"experiment_ids\": [\"%s\"], \"filter\": \"%s\"}".formatted(team.experiment(), filter));
  }
}
