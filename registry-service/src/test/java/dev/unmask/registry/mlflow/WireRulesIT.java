package dev.unmask.registry.mlflow;

import static dev.unmask.registry.mlflow.BadInputIT.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import jakarta.persistence.EntityManagerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.SessionFactory;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** How values travel: numbers, constants and texts, each in every form that a client may use. */
class WireRulesIT {
  private static final String API = "/api/2.0/mlflow/";

  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("wire-" + UUID.randomUUID());
  private String run = "";

  @BeforeEach
  void startRun() {
    run =
        team.post("runs/create", "{\"experiment_id\": \"0\", \"start_time\": 9007199254740993}")
            .json()
            .at("/run/info/run_id")
            .stringValue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "ALL"})
  void takesAConstantByNumberInAQueryToo(String view) {
    team.post("experiments/create", "{\"name\": \"gone\"}");
    String number =
        team.get(API + "experiments/get-by-name?experiment_name=gone")
            .json()
            .at("/experiment/experiment_id")
            .stringValue();
    team.post("experiments/delete", "{\"experiment_id\": \"" + number + "\"}");

    Answer answer = team.get(API + "experiments/search?view_type=" + view);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.json().get("experiments")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "4", "-1", "03", "1.0", "all"})
  void refusesAConstantThatThereIsNot(String view) {
    refused(
        team.get(API + "experiments/search?view_type=" + view),
        400,
        "INVALID_PARAMETER_VALUE",
        "'view_type'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e30",
        "-1e30",
        "9223372036854775808",
        "99999999999999999999999999",
        "\"9223372036854775808\"",
        "1.5",
        "1e999",
        "\"NaN\"",
        "true"
      })
  void refusesAStepThatIsNoWholeNumberOf64Bits(String step) {
    refused(
        metric("\"value\": 1, \"timestamp\": 1, \"step\": " + step),
        400,
        "INVALID_PARAMETER_VALUE",
        "parameter 'step'");
    assertThat(details().at("/run/data/metrics").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "'\"-7\"', -7",
    "3.0, 3",
    "1e3, 1000"
  })
  void takesEveryStepOf64Bits(String step, long stored) {
    Answer answer = metric("\"value\": 1, \"timestamp\": 1, \"step\": " + step);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(details().at("/run/data/metrics/0/step").longValue()).isEqualTo(stored);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1d", "1f", "0x1p3", "", "Inf", "1e"})
  void refusesAValueThatOnlyJavaReads(String value) {
    refused(
        metric("\"timestamp\": 1, \"value\": \"" + value + "\""),
        400,
        "INVALID_PARAMETER_VALUE",
        "parameter 'value'");
  }

  @ParameterizedTest
  @CsvSource({"'\"-Infinity\"', -Infinity", "'\"NaN\"', NaN", "'\" 1.5e-3 \"', 0.0015"})
  void takesAValueAsText(String value, String stored) {
    assertThat(metric("\"timestamp\": 1, \"value\": " + value).status()).isEqualTo(200);
    assertThat(details().at("/run/data/metrics/0/value").asString()).isEqualTo(stored);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud83d", "\\ude00", "a\\ud83db", "\\ude00\\ud83d"})
  void refusesHalfOfASurrogatePair(String text) {
    for (String call : List.of("runs/log-parameter", "runs/set-tag")) {
      String body = "{\"run_id\": \"%s\", \"key\": \"k\", \"value\": \"%s\"}".formatted(run, text);
      refused(team.post(call, body), 400, "INVALID_PARAMETER_VALUE", "half of a surrogate pair");
    }
    refused(
        metric("\"timestamp\": 1, \"value\": \"" + text + "\""),
        400,
        "INVALID_PARAMETER_VALUE",
        "parameter 'value'");
  }

  @Test
  void cutsAParamBetweenCharactersSoThatItsReplayIsTheSameParam() {
    String value = "x".repeat(5_999) + "😀".repeat(3);
    String body =
        "{\"run_id\": \"%s\", \"key\": \"long\", \"value\": \"%s\"}".formatted(run, value);

    assertThat(team.post("runs/log-parameter", body).status()).isEqualTo(200);
    assertThat(team.post("runs/log-parameter", body).status()).isEqualTo(200);
    assertThat(details().at("/run/data/params/0/value").stringValue())
        .isEqualTo("x".repeat(5_999) + "😀");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "start_time = 9007199254740993 | 1",
        "start_time = 9007199254740992 | 0",
        "start_time > 9007199254740992 | 1",
        "start_time < 9007199254740993.5 | 1",
        "start_time >= 9007199254740993.5 | 0",
        "start_time != 0.5 | 1",
        "start_time < 1e300 | 1",
        "start_time > 1e300 | 0",
        "start_time <= -1e300 | 0",
        "attributes.created >= +9.007199254740993e15 | 1"
      })
  void comparesWholeNumbersExactly(String filter, int found) {
    Answer answer = search(filter);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.json().path("runs")).hasSize(found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metrics.a > NaN",
        "metrics.a < Infinity",
        "metrics.a > -Infinity",
        "metrics.a = 1d",
        "metrics.a = 1f",
        "metrics.a = 0x1p3",
        "metrics.a = 0x10",
        "metrics.a < 1e999",
        "metrics.a > 1e-99999",
        "start_time > NaN",
        "params.a LIKE 'x\\\\'",
        "tags.a ILIKE '\\\\'",
        "run_name LIKE 'a\\\\\\\\\\\\'",
        "run_id IN (`a`)"
      })
  void refusesAFilterThatMlflowRefuses(String filter) {
    refused(search(filter), 400, "INVALID_PARAMETER_VALUE", "Invalid filter");
  }

  @Test
  void answersAFilterWhoseRestIsCutInsideACharacter() {
    refused(search("run_name = " + "😀".repeat(50)), 400, "INVALID_PARAMETER_VALUE", "😀");
    refused(search("run_name = x" + "😀".repeat(50)), 400, "INVALID_PARAMETER_VALUE", "😀");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/2.0", "/api/3.0", "/ajax-api/2.0", "/ajax-api/3.0"})
  void refusesATraversalInTheEnvelopeOfTheProtocol(String prefix) {
    refused(team.get(prefix + "/mlflow/%2e%2e/x"), 400, "INVALID_PARAMETER_VALUE", "Invalid path");
  }

  @Test
  void readsOnlyTheNewestVersionOfEachStageOfAModelOfManyVersions() {
    team.post("registered-models/create", "{\"name\": \"many\"}");
    for (int i = 1; i <= 40; i++) {
      team.post(
          "model-versions/create", "{\"name\": \"many\", \"source\": \"runs:/" + run + "/m\"}");
    }
    for (int i = 1; i <= 20; i++) {
      String stage = i % 2 == 0 ? "Production" : "Staging";
      team.post(
          "model-versions/transition-stage",
          "{\"name\": \"many\", \"version\": \"%d\", \"stage\": \"%s\"}".formatted(i, stage));
    }
    Statistics statistics =
        registry.bean(EntityManagerFactory.class).unwrap(SessionFactory.class).getStatistics();
    statistics.setStatisticsEnabled(true);
    try {
      statistics.clear();
      JsonNode latest = team.get(API + "registered-models/get-latest-versions?name=many").json();
      assertThat(versions(latest.get("model_versions"))).containsExactly("40", "19", "20");
      assertThat(statistics.getEntityLoadCount()).as("the model and three versions").isEqualTo(4);

      statistics.clear();
      JsonNode model = team.get(API + "registered-models/get?name=many").json();
      assertThat(versions(model.at("/registered_model/latest_versions")))
          .containsExactly("40", "19", "20");
      assertThat(statistics.getEntityLoadCount()).as("the model and three versions").isEqualTo(4);
    } finally {
      statistics.setStatisticsEnabled(false);
    }
    String production = "registered-models/get-latest-versions?name=many&stages=production";
    assertThat(versions(team.get(API + production).json().get("model_versions")))
        .containsExactly("20");
  }

  private static List<String> versions(JsonNode list) {
    List<String> versions = new ArrayList<>();
    list.forEach(version -> versions.add(version.get("version").stringValue()));
    return versions;
  }

  private Answer metric(String fields) {
    return team.post(
        "runs/log-metric", "{\"run_id\": \"%s\", \"key\": \"m\", %s}".formatted(run, fields));
  }

  private Answer search(String filter) {
    return team.post(
        "runs/search", "{\"experiment_ids\": [\"0\"], \"filter\": \"%s\"}".formatted(filter));
  }

  private JsonNode details() {
    return team.get(API + "runs/get?run_id=" + run).json();
  }
}
