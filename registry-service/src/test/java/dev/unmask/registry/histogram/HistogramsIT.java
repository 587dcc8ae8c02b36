package dev.unmask.registry.histogram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HistogramsIT {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("histograms-" + UUID.randomUUID());
  private String run = "";

  @BeforeEach
  void createRun() {
    run =
        team.post("runs/create", "{\"experiment_id\": \"0\"}")
            .json()
            .at("/run/info/run_id")
            .stringValue();
  }

  @Test
  void areReadAsTheyWereLogged() {
    Map<String, Object> loss = histogram("loss", 10);
    loss.put("edges", List.of(-0.5, 0.1, 1e300));
    loss.put("counts", List.of(0, 9_007_199_254_740_993L));
    loss.put("sums", List.of("NaN", "-Infinity"));
    loss.put("time", "2026-01-02T03:04:05.678Z");

    Answer stored = log(loss);

    assertThat(stored.status()).as(stored.toString()).isEqualTo(200);
    assertThat(stored.json().get("stored").intValue()).isEqualTo(1);
    JsonNode found = read("?key=loss").json();
    assertThat(found.get("steps").longValue()).isEqualTo(1);
    assertThat(found.get("thinned").booleanValue()).isFalse();
    assertThat(found.at("/histograms/0"))
        .isEqualTo(
            JSON.readTree(
                "{\"key\":\"loss\",\"step\":10,\"edges\":[-0.5,0.1,1.0E300],"
                    + "\"counts\":[0,9007199254740993],\"sums\":[\"NaN\",\"-Infinity\"],"
                    + "\"time\":\"2026-01-02T03:04:05.678Z\"}"));
    log(histogram("counted", 1));
    assertThat(read("?key=counted").json().at("/histograms/0").has("sums")).isFalse();
    assertThat(read("?key=unknown").json().get("histograms")).isEmpty();
  }

  @Test
  void areStoredOnceHoweverOftenTheyAreSent() {
    Map<String, Object> loss = histogram("loss", 10);
    loss.put("sums", List.of("NaN", 2));
    assertThat(log(loss, loss).json().get("stored").intValue()).isEqualTo(1);

    loss.put("time", "2026-01-01T00:00:00Z");
    Answer again = log(loss, histogram("loss", 11));

    assertThat(again.json().get("stored").intValue()).isEqualTo(1);
    assertThat(steps(read("?key=loss"))).containsExactly(10L, 11L);
  }

  @ParameterizedTest
  @CsvSource({"edges, '[0, 1, 3]'", "counts, '[1, 3]'", "sums, '[1, 3]'"})
  void neverChangeAndAreStoredAllOrNone(String field, String other) {
    log(histogram("loss", 10));
    Map<String, Object> changed = histogram("loss", 10);
    changed.put(field, JSON.readTree(other));

    Answer refused = log(histogram("loss", 9), changed);
    Answer contradiction = log(histogram("new", 10), rename(changed, "new"));

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("detail").stringValue()).contains("'loss' at step 10");
    assertThat(contradiction.status()).isEqualTo(400);
    assertThat(fields(contradiction)).containsExactly("histograms[1]");
    assertThat(steps(read("?key=loss"))).containsExactly(10L);
    assertThat(steps(read("?key=new"))).isEmpty();
  }

  @Test
  void areChosenEvenlyWhereThereAreMoreThanAreWanted() {
    for (int i = 0; i < 10; i++) {
      List<Map<String, Object>> batch = new ArrayList<>();
      for (int j = 0; j < 10; j++) {
        batch.add(histogram("loss", 5 * (10 * i + j)));
      }
      logAll(batch);
    }

    JsonNode some = read("?key=loss&steps=12").json();
    assertThat(some.get("steps").longValue()).isEqualTo(100);
    assertThat(some.get("thinned").booleanValue()).isTrue();
    assertThat(steps(read("?key=loss&steps=12")))
        .containsExactly(0L, 45L, 90L, 135L, 180L, 225L, 270L, 315L, 360L, 405L, 450L, 495L);
    assertThat(steps(read("?key=loss&steps=2"))).containsExactly(0L, 495L);
    for (int wanted : List.of(3, 7, 50, 99)) {
      List<Long> chosen = steps(read("?key=loss&steps=" + wanted));
      assertThat(chosen).hasSize(wanted).startsWith(0L).endsWith(495L).isSorted();
      long widest = 5L * Math.ceilDiv(99, wanted - 1);
      for (int i = 1; i < wanted; i++) {
        assertThat(chosen.get(i) - chosen.get(i - 1)).isBetween(5L, widest);
      }
    }
    JsonNode all = read("?key=loss&steps=100").json();
    assertThat(all.get("thinned").booleanValue()).isFalse();
    assertThat(all.get("histograms")).hasSize(100);
    JsonNode zoomed = read("?key=loss&steps=12&from=11&to=30").json();
    assertThat(zoomed.get("steps").longValue()).isEqualTo(4);
    assertThat(zoomed.get("thinned").booleanValue()).isFalse();
  }

  @Test
  void tellTheirKeys() {
    log(histogram("b", 3), histogram("b", -4), histogram("a/x", 1));

    String root = path(run) + "/keys";
    assertThat(team.get(root).json())
        .isEqualTo(
            JSON.readTree(
                "{\"keys\":[{\"key\":\"a/x\",\"steps\":1,\"firstStep\":1,\"lastStep\":1},"
                    + "{\"key\":\"b\",\"steps\":2,\"firstStep\":-4,\"lastStep\":3}]}"));
    assertThat(team.get(root + "?after=a/x").json().get("keys")).hasSize(1);
    assertThat(fields(team.get(root + "?after=%00"))).containsExactly("after");
  }

  @ParameterizedTest
  @CsvSource({
    "key, '\"\"', histograms[0].key",
    "key, 'null', histograms[0].key",
    "key, '\"a\\u0000\"', histograms[0].key",
    "edges, 'null', histograms[0].edges",
    "edges, '[1]', histograms[0].edges",
    "edges, '[0, 0, 1]', histograms[0].edges[1]",
    "edges, '[0, 1, 0.5]', histograms[0].edges[2]",
    "edges, '[0, null, 1]', histograms[0].edges[1]",
    "edges, '[0, \"NaN\", 1]', histograms[0].edges[1]",
    "edges, '[0, 1, \"Infinity\"]', histograms[0].edges[2]",
    "counts, 'null', histograms[0].counts",
    "counts, '[1]', histograms[0].counts",
    "counts, '[1, 2, 3]', histograms[0].counts",
    "counts, '[1, -1]', histograms[0].counts",
    "counts, '[1, null]', histograms[0].counts",
    "sums, '[1]', histograms[0].sums",
    "sums, '[1, null]', histograms[0].sums",
    "time, '\"2101-01-01T00:00:00Z\"', histograms[0].time"
  })
  void nameTheFieldThatIsRefused(String field, String value, String named) {
    Map<String, Object> histogram = histogram("loss", 1);
    histogram.put(field, JSON.readTree(value));

    Answer answer = log(histogram);

    assertThat(fields(answer)).contains(named);
    assertThat(steps(read("?key=loss"))).isEmpty();
  }

  @Test
  void areLimitedInNumberAndBins() {
    List<Map<String, Object>> many = new ArrayList<>();
    for (int i = 0; i < 101; i++) {
      many.add(histogram("loss", i));
    }
    Map<String, Object> wide = histogram("loss", 1);
    wide.put("edges", java.util.stream.IntStream.range(0, 514).boxed().toList());
    wide.put("counts", java.util.Collections.nCopies(513, 1));

    assertThat(fields(logAll(many))).containsExactly("histograms");
    assertThat(fields(logAll(List.of()))).containsExactly("histograms");
    assertThat(fields(log(wide))).containsExactly("histograms[0].edges");
    assertThat(fields(read("?key=loss&steps=1"))).containsExactly("steps");
    assertThat(fields(read("?key=loss&steps=501&from=2&to=1"))).containsExactly("steps", "to");
    assertThat(read("").status()).isEqualTo(400);
  }

  @Test
  void ofAnotherTeamDoNotExist() {
    log(histogram("loss", 1));
    Client stranger = registry.team("stranger-" + UUID.randomUUID());

    assertThat(stranger.get(path(run) + "?key=loss").status()).isEqualTo(404);
    assertThat(stranger.get(path(run) + "/keys").status()).isEqualTo(404);
    assertThat(
            stranger
                .send(
                    "POST",
                    path(run),
                    JSON.writeValueAsString(Map.of("histograms", List.of(histogram("loss", 2)))))
                .status())
        .isEqualTo(404);
    assertThat(steps(read("?key=loss"))).containsExactly(1L);
  }

  @Test
  void goWithTheirRun() {
    log(histogram("loss", 1));
    JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
    Long uid = jdbc.queryForObject("SELECT uid FROM runs WHERE run_id = ?", Long.class, run);
    String count = "SELECT count(*) FROM histograms WHERE run_uid = ?";
    assertThat(jdbc.queryForObject(count, Long.class, uid)).isEqualTo(1);

    jdbc.update("DELETE FROM runs WHERE run_id = ?", run);

    assertThat(jdbc.queryForObject(count, Long.class, uid)).isZero();
  }

  private static Map<String, Object> histogram(String key, long step) {
    return new TreeMap<>(
        Map.of("key", key, "step", step, "edges", List.of(0, 1, 2), "counts", List.of(1, 2)));
  }

  private static Map<String, Object> rename(Map<String, Object> histogram, String key) {
    Map<String, Object> renamed = new TreeMap<>(histogram);
    renamed.put("key", key);
    return renamed;
  }

  @SafeVarargs
  private Answer log(Map<String, Object>... histograms) {
    return logAll(List.of(histograms));
  }

  private Answer logAll(List<Map<String, Object>> histograms) {
    return team.send("POST", path(run), JSON.writeValueAsString(Map.of("histograms", histograms)));
  }

  private Answer read(String query) {
    return team.get(path(run) + query);
  }

  private static String path(String run) {
    return "/api/v1/registry/runs/" + run + "/histograms";
  }

  private static List<Long> steps(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    List<Long> steps = new ArrayList<>();
    answer.json().get("histograms").forEach(one -> steps.add(one.get("step").longValue()));
    return steps;
  }

  private static List<String> fields(Answer refused) {
    assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
    List<String> fields = new ArrayList<>();
    refused.json().get("errors").forEach(error -> fields.add(error.get("field").stringValue()));
    return fields;
  }
}
