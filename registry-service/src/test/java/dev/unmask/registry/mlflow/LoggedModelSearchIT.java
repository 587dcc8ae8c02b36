package dev.unmask.registry.mlflow;

import static dev.unmask.registry.mlflow.BadInputIT.refused;
import static dev.unmask.registry.mlflow.TrackedTeam.API;
import static dev.unmask.registry.mlflow.TrackedTeam.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class LoggedModelSearchIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final Client client = registry.team("model-search-" + UUID.randomUUID());
  private final TrackedTeam team = TrackedTeam.of(client);
  private final Map<String, String> ids = new HashMap<>();
  private String run = "";

  @BeforeEach
  void logFourModels() {
    run = team.startRun();
    model("one", "\"model_type\": \"lm\"");
    model("two", "\"params\": [{\"key\": \"p\", \"value\": \"b\"}]");
    model("nan", "\"tags\": [{\"key\": \"kind\", \"value\": \"Plain\"}]");
    model("none", "\"source_run_id\": \"" + run + "\"");
    metric("one", "0.5", 1, "easy", "d1");
    metric("one", "0.9", 2, "hard", "d1");
    metric("two", "2.5", 1, "easy", "d2");
    metric("nan", "\"NaN\"", 1, "", "");
    done(
        client.post(
            "runs/log-metric",
            """
            {"run_id": "%s", "key": "loss of it", "value": 1, "timestamp": 1, "model_id": "%s"}
            """
                .formatted(run, ids.get("two"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        " | none nan two one",
        "metrics.loss > 1 | two",
        "metrics.loss < 1 | one",
        "metrics.loss >= 0.5 AND metrics.loss < 0.6 | one",
        "metrics.loss != 0.5 | nan two one",
        "params.p = 'b' | two",
        "params.p != 'b' | ",
        "tags.kind ILIKE 'plain' | nan",
        "tags.kind = 'plain' | ",
        "name = 'two' | two",
        "attributes.name LIKE 'n%' | none nan",
        "name IN ('one', 'two') | two one",
        "model_type = 'lm' | one",
        "source_run_id = 'RUN' | none",
        "status = 'READY' | ",
        "status = 'PENDING' AND creation_timestamp > 0 | none nan two one",
        "last_updated_timestamp_ms < 5 | ",
        "name = \\\"'; DROP TABLE runs; --\\\" | ",
      })
  void findsByFilter(@Nullable String filter, @Nullable String names) {
    String text = filter == null ? "" : filter.replace("RUN", run);

    assertThat(names(search("\"filter\": \"" + text + "\"")))
        .containsExactlyElementsOf(names == null ? List.of() : List.of(names.split(" ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"field_name\": \"metrics.loss\"} | one two nan none",
        "{\"field_name\": \"metrics.loss\", \"ascending\": false} | two one nan none",
        "{\"field_name\": \"metrics.loss\", \"dataset_name\": \"easy\"} | one two none nan",
        "{\"field_name\": \"metrics.loss\", \"dataset_name\": \"easy\", \"dataset_digest\": \"d2\"}"
            + " | two none nan one",
        "{\"field_name\": \"metrics.`loss`\"} | one two nan none",
        "{\"field_name\": \"metrics.loss of it\"} | two none nan one",
        "{\"field_name\": \"name\"} | nan none one two",
        "{\"field_name\": \"name\", \"ascending\": false} | two one none nan",
        "{\"field_name\": \"creation_timestamp\", \"ascending\": false} | none nan two one",
        "{\"field_name\": \"model_type\"}, {\"field_name\": \"name\"} | one nan none two",
      })
  void ordersNumbersThenNanThenMissing(String order, String names) {
    assertThat(names(search("\"order_by\": [" + order.strip() + "]")))
        .containsExactly(names.strip().split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"dataset_name\": \"easy\"} | two one",
        "{\"dataset_name\": \"easy\", \"dataset_digest\": \"d1\"} | one",
        "{\"dataset_name\": \"easy\", \"dataset_digest\": \"d2\"}, {\"dataset_name\": \"hard\"} | two one",
        "{\"dataset_name\": \"other\"} | ",
      })
  void findsWhatWasMeasuredOnDatasets(String datasets, @Nullable String names) {
    assertThat(names(search("\"datasets\": [" + datasets.strip() + "]")))
        .containsExactlyElementsOf(names == null ? List.of() : List.of(names.split(" ")));
  }

  @Test
  void comparesMetricsOfTheNamedDatasetsOnly() {
    String datasets = "\"datasets\": [{\"dataset_name\": \"hard\"}], ";

    assertThat(names(search(datasets + "\"filter\": \"metrics.loss > 0.8\"")))
        .containsExactly("one");
    assertThat(names(search(datasets + "\"filter\": \"metrics.loss < 0.8\""))).isEmpty();
  }

  /** A page that follows a token holds what came after its last model, whatever was added. */
  @Test
  void pagesWithoutLossOrRepetitionWhileModelsAreAddedAndDeleted() {
    List<String> all = new ArrayList<>();
    String token = "";
    int pages = 0;
    do {
      JsonNode page = search("\"max_results\": 1, \"page_token\": \"" + token + "\"");
      all.addAll(names(page));
      token = page.path("next_page_token").stringValue("");
      if (pages++ == 1) {
        model("late", "\"model_type\": \"x\"");
        done(client.send("DELETE", API + "logged-models/" + ids.get("nan"), "{}"));
      }
    } while (!token.isEmpty());

    assertThat(all).containsExactly("none", "nan", "two", "one");
  }

  @Test
  void takesAnEmptyTokenAndGivesNoneOnTheLastPage() {
    assertThat(search("\"max_results\": 4, \"page_token\": \"\"").has("next_page_token")).isFalse();
    assertThat(search("\"max_results\": 3").has("next_page_token")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"page_token\": \"%%%\" | Invalid page token, could not base64-decode",
        "\"page_token\": \"bS0x\" | Invalid page token",
        "\"page_token\": \"AAAA\" | Invalid page token",
        "\"max_results\": 0 | must be a positive integer",
        "\"max_results\": 50001 | at most 50000",
        "\"filter\": \"metrics.loss LIKE 'a'\" | has no operator",
        "\"filter\": \"name > 'a'\" | has no operator",
        "\"filter\": \"owner = 'a'\" | Invalid attribute key",
        "\"filter\": \"traces.x = 'a'\" | invalid entity type",
        "\"filter\": \"name = 'a' OR name = 'b'\" | Invalid filter",
        "\"order_by\": [{\"field_name\": \"params.p\"}] | Invalid order by field name",
        "\"order_by\": [{\"field_name\": \"owner\"}] | Invalid attribute key",
        "\"order_by\": [{\"ascending\": true}] | order_by[0].field_name",
        "\"order_by\": [{\"field_name\": \"name\"}, {\"field_name\": \"name\"}] | duplicate fields",
        "\"order_by\": [\"name\"] | parameter 'order_by'",
        "\"order_by\": [{\"field_name\": \"metrics.a\", \"dataset_digest\": \"d\"}]"
            + " | order_by[0].dataset_name",
        "\"datasets\": [{\"dataset_digest\": \"d\"}] | datasets[0].dataset_name",
      })
  void refusesWhatHasNoMeaning(String fields, String message) {
    refused(ask(fields.strip()), 400, "INVALID_PARAMETER_VALUE", message.strip());
  }

  @Test
  void asksForExperiments() {
    refused(
        client.post("logged-models/search", "{}"),
        400,
        "INVALID_PARAMETER_VALUE",
        "'experiment_ids'");
    assertThat(
            done(client.post("logged-models/search", "{\"experiment_ids\": [\"987654\"]}"))
                .toString())
        .isEqualTo("{}");
  }

  @Test
  void answersModelsWithAllThatIsSaidOfThem() {
    JsonNode found = search("\"filter\": \"name = 'one'\"").at("/models/0");

    assertThat(found).isEqualTo(team.model(ids.getOrDefault("one", "")));
    assertThat(found.at("/data/metrics")).hasSize(2);
  }

  private JsonNode search(String fields) {
    return done(ask(fields));
  }

  private Answer ask(String fields) {
    return client.post(
        "logged-models/search",
        "{\"experiment_ids\": [\"%s\"], %s}".formatted(team.experiment(), fields));
  }

  private static List<String> names(JsonNode page) {
    List<String> names = new ArrayList<>();
    page.path("models").forEach(model -> names.add(model.at("/info/name").stringValue()));
    return names;
  }

  private void model(String name, String fields) {
    ids.put(name, team.logModel(name, fields));
  }

  private void metric(String model, String value, int step, String dataset, String digest) {
    done(
        client.post(
            "runs/log-metric",
            """
            {"run_id": "%s", "key": "loss", "value": %s, "timestamp": 1, "step": %d,
             "model_id": "%s", "dataset_name": "%s", "dataset_digest": "%s"}
            """
                .formatted(run, value, step, ids.get(model), dataset, digest)));
  }
}
