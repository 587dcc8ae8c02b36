package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Histories of any length, by page, whole and of many runs at once. */
class HistoryIT {
  private static final String HISTORY = "/api/2.0/mlflow/metrics/get-history?metric_key=m&run_id=";
  private static final String INTERVAL =
      "/api/2.0/mlflow/metrics/get-history-bulk-interval?metric_key=m";
  private static final String BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=m";

  private final RegistryServer registry = RegistryServer.shared();
  private final String name = "history-" + UUID.randomUUID();
  private final Client team = registry.team(name);
  private final JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
  private String run = "";

  @BeforeEach
  void startRun() {
    run = newRun();
  }

  @Test
  void answersAnEmptyHistoryByAnEmptyObject() {
    assertThat(team.get(HISTORY + run).text()).isEqualTo("{}");
  }

  @Test
  void sortsByTimeThenStepThenValueAndKeepsWhatIsNotFinite() {
    log("3, 1, 5", "1, 9, 2", "2, 9, NaN", "2, 9, Infinity", "2, 9, 1", "1, 9, -Infinity");

    assertThat(values(team.get(HISTORY + run)))
        .containsExactly("5.0", "\"-Infinity\"", "2.0", "1.0", "\"Infinity\"", "\"NaN\"");
  }

  @Test
  void losesAndRepeatsNothingWhileOthersLog() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      all.add(i + ", " + (1_000 + 10 * i) + ", " + i);
    }
    log(all.toArray(String[]::new));

    List<String> seen = new ArrayList<>();
    String token = "";
    int page = 0;
    do {
      JsonNode answer = team.get(HISTORY + run + "&max_results=40&page_token=" + token).json();
      answer.get("metrics").forEach(metric -> seen.add(metric.get("value").toString()));
      token = answer.path("next_page_token").asString("");
      // Before and behind where the next page begins.
      log("999, " + page + ", -1", page + ", " + (900_000 + page) + ", -2");
      page++;
    } while (!token.isEmpty() && page < 20);

    assertThat(seen.subList(0, 250)).doesNotHaveDuplicates().doesNotContain("-1.0", "-2.0");
    assertThat(seen.subList(250, seen.size())).isNotEmpty().containsOnly("-2.0");
    assertThat(token).isEmpty();
  }

  @Test
  void endsWithoutATokenWhereTheLastPageIsFull() {
    log("1, 1, 1", "2, 2, 2");

    JsonNode page = team.get(HISTORY + run + "&max_results=2").json();

    assertThat(page.get("metrics")).hasSize(2);
    assertThat(page.has("next_page_token")).isFalse();
  }

  @Test
  void goesOnFromATokenThatCountsPoints() {
    log("1, 1, 1", "2, 2, 2", "3, 3, 3");

    // {"offset": 2}
    assertThat(values(team.get(HISTORY + run + "&page_token=eyJvZmZzZXQiOiAyfQ==")))
        .containsExactly("3.0");
  }

  @ParameterizedTest
  @CsvSource({
    "%25%25, 'Invalid page token, could not base64-decode'",
    "bm9uc2Vuc2U=, Invalid page token"
  })
  void refusesTokensItDidNotMake(String token, String message) {
    BadInputIT.refused(
        team.get(HISTORY + run + "&page_token=" + token), 400, "INVALID_PARAMETER_VALUE", message);
  }

  /** The second needs a sort for each piece, and has several. */
  @ParameterizedTest
  @CsvSource({"10 * i, 1000000", "10 * (1000000 - i), 200000"})
  void streamsAllPointsInOrder(String time, int points) throws Exception {
    log("0, 0, 0");
    long series = seriesOf(run);
    jdbc.update(
        "INSERT INTO metric_points (series_id, step, \"timestamp\", value)"
            + " SELECT ?, i, "
            + time
            + ", i FROM generate_series(1, ?) i",
        series,
        points - 1);
    jdbc.update("UPDATE metric_series SET dirty_from_step = 0 WHERE id = ?", series);

    long count = 0;
    long last = -1;
    try (JsonParser parser = JsonMapper.shared().createParser(stream(HISTORY + run))) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.PROPERTY_NAME
            && Objects.equals(parser.currentName(), "timestamp")) {
          parser.nextToken();
          assertThat(parser.getLongValue()).isGreaterThanOrEqualTo(last);
          last = parser.getLongValue();
          count++;
        }
      }
    }

    assertThat(count).isEqualTo(points);
  }

  @Test
  void samplesTheSameStepsOfAllRunsWithEachOnesEnds() {
    String other = newRun();
    fill(run, 0, 99);
    fill(other, 7, 212);

    JsonNode answer =
        team.get(INTERVAL + "&max_results=10&run_ids=" + run + "&run_ids=" + other).json();

    // Of 213 steps those at the places floor(i * 213 / 10), and the first and last of both runs.
    assertThat(stepsOf(answer, run)).containsExactly(0L, 7L, 21L, 42L, 63L, 85L, 99L);
    assertThat(stepsOf(answer, other))
        .containsExactly(7L, 21L, 42L, 63L, 85L, 99L, 106L, 127L, 149L, 170L, 191L, 212L);
    assertThat(answer.get("metrics"))
        .extracting(metric -> metric.get("step").longValue())
        .isSorted();
    assertThat(answer.at("/metrics/0").toString())
        .isEqualTo(
            "{\"key\":\"m\",\"value\":0.0,\"timestamp\":0,\"step\":0,\"run_id\":\"" + run + "\"}");
  }

  @Test
  void samplesWithinAnIntervalAndGivesAllStepsWhereTheyFit() {
    fill(run, 0, 99);

    JsonNode part = team.get(INTERVAL + "&start_step=10&end_step=20&run_ids=" + run).json();
    JsonNode none = team.get(INTERVAL + "&start_step=500&end_step=600&run_ids=" + run).json();

    assertThat(stepsOf(part, run))
        .containsExactly(10L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L);
    assertThat(none.toString()).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run_ids=RUN&start_step=1 | end_step",
        "run_ids=RUN&end_step=1 | start_step",
        "run_ids=RUN&start_step=2&end_step=1 | end_step",
        "run_ids=RUN&start_step=x&end_step=1 | start_step",
        "run_ids=RUN&max_results=0 | max_results",
        "run_ids=RUN&max_results=2501 | max_results",
        "max_results=5 | run_ids",
      })
  void namesTheFieldOfASampleThatIsWrong(String query, String field) {
    Answer answer = team.get(INTERVAL + "&" + query.strip().replace("RUN", run));

    BadInputIT.refused(answer, 400, "INVALID_PARAMETER_VALUE", field.strip());
  }

  @Test
  void answersTheWebUisCallSortedByRunTimeStepAndValue() {
    String other = newRun();
    log("5, 1, 1", "4, 2, 2");
    fill(other, 0, 2);
    List<String> ids = run.compareTo(other) < 0 ? List.of(run, other) : List.of(other, run);

    JsonNode all = team.get(BULK + "&run_id=" + run + "&run_id=" + other).json();
    JsonNode some = team.get(BULK + "&max_results=1&run_id=" + run + "&run_id=" + other).json();

    assertThat(all.get("metrics")).hasSize(5);
    assertThat(all.at("/metrics/0/run_id").stringValue()).isEqualTo(ids.getFirst());
    assertThat(all.at("/metrics/4/run_id").stringValue()).isEqualTo(ids.getLast());
    assertThat(stepsOf(all, run)).containsExactly(5L, 4L);
    assertThat(some.get("metrics")).hasSize(1);
    assertThat(team.get(BULK + "&run_id=" + newRun()).text()).isEqualTo("{\"metrics\":[]}");
    assertThat(team.get("/api/2.0/mlflow/metrics/get-history-bulk?metric_key=m").status())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&run_id=RUN&max_results=25001", "&run_id=RUN&max_results=-1"})
  void refusesWhatTheWebUisCallDoesNotTake(String query) {
    assertThat(team.get(BULK + query.replace("RUN", run)).status()).isEqualTo(400);
  }

  @Test
  void asksForAHundredRunsAtMostAndKnowsNoneOfOtherTeams() {
    String foreign =
        registry
            .team("other-" + name)
            .post("runs/create", "{}")
            .json()
            .at("/run/info/run_id")
            .stringValue();
    String many = ("&run_ids=" + run).repeat(101);

    BadInputIT.refused(team.get(INTERVAL + many), 400, "INVALID_PARAMETER_VALUE", "at most 100");
    for (String unknown : List.of(foreign, "0000")) {
      String message = "Run with id=" + unknown + " not found";
      String code = "RESOURCE_DOES_NOT_EXIST";
      BadInputIT.refused(team.get(INTERVAL + "&run_ids=" + unknown), 404, code, message);
      BadInputIT.refused(team.get(BULK + "&run_id=" + unknown), 404, code, message);
      BadInputIT.refused(team.get(HISTORY + unknown), 404, code, message);
    }
  }

  private String newRun() {
    return team.post("runs/create", "{}").json().at("/run/info/run_id").stringValue();
  }

  private void fill(String id, int first, int last) {
    List<String> points = new ArrayList<>();
    for (int step = first; step <= last; step++) {
      points.add(step + ", " + 10 * step + ", " + step);
    }
    logTo(id, points);
  }

  private void log(String... points) {
    logTo(run, List.of(points));
  }

  /** Points as step, time and value. */
  private void logTo(String id, List<String> points) {
    StringBuilder metrics = new StringBuilder();
    for (String point : points) {
      String[] parts = point.split(", ");
      metrics
          .append(metrics.isEmpty() ? "" : ",")
          .append(
              "{\"key\": \"m\", \"step\": %s, \"timestamp\": %s, \"value\": \"%s\"}"
                  .formatted(parts[0], parts[1], parts[2]));
    }
    Answer answer =
        team.post(
            "runs/log-batch", "{\"run_id\": \"%s\", \"metrics\": [%s]}".formatted(id, metrics));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
  }

  private long seriesOf(String id) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "SELECT s.id FROM metric_series s JOIN runs r ON r.uid = s.run_uid WHERE r.run_id = ?",
            Long.class,
            id));
  }

  private InputStream stream(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(registry.url() + path))
            .header("Authorization", "Bearer " + registry.exchange(registry.serviceToken()))
            .header("X-Unmask-Team", name)
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body();
  }

  private static List<String> values(Answer answer) {
    List<String> values = new ArrayList<>();
    answer.json().get("metrics").forEach(metric -> values.add(metric.get("value").toString()));
    return values;
  }

  private static List<Long> stepsOf(JsonNode answer, String id) {
    List<Long> steps = new ArrayList<>();
    for (JsonNode metric : answer.get("metrics")) {
      if (metric.get("run_id").stringValue().equals(id)) {
        steps.add(metric.get("step").longValue());
      }
    }
    return steps;
  }
}
