package dev.unmask.registry.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import dev.unmask.registry.api.SamplesApi;
import dev.unmask.registry.api.SamplesApi.LogSamples;
import dev.unmask.registry.api.SamplesApi.Sample;
import dev.unmask.registry.api.SamplesApi.SamplePage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SamplesIT {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("samples-" + UUID.randomUUID());
  private String run = "";

  @BeforeEach
  void createRun() {
    run = newRun(team);
  }

  @Test
  void areReadByStepNameAndIndex() {
    Answer stored =
        log(
            sample("b", 20, 0, "third"),
            sample("a", 20, 1, "second"),
            sample("a", 20, 0, "first"),
            sample("z", -3, 9_999, "before"));

    assertThat(stored.status()).as(stored.toString()).isEqualTo(200);
    assertThat(stored.json().get("stored").intValue()).isEqualTo(4);
    assertThat(texts(read(""))).containsExactly("before", "first", "second", "third");
    assertThat(texts(read("?name=a"))).containsExactly("first", "second");
    assertThat(texts(read("?from=-3&to=19"))).containsExactly("before");
    assertThat(texts(read("?from=21"))).isEmpty();
  }

  @Test
  void keepPromptTimeAndEveryCharacter() {
    Map<String, Object> sample = sample("a", 1, 0, "Größe 😀\n\t\\ \"quoted\" {\"json\": 1}");
    sample.put("prompt", "");
    sample.put("time", "2026-01-02T03:04:05.678Z");

    log(sample);

    JsonNode found = read("").json().at("/samples/0");
    assertThat(found.get("text").stringValue()).isEqualTo(sample.get("text"));
    assertThat(found.get("prompt").stringValue()).isEmpty();
    assertThat(found.get("time").stringValue()).isEqualTo("2026-01-02T03:04:05.678Z");
    log(sample("without", 2, 0, ""));
    assertThat(read("?from=2").json().at("/samples/0").has("prompt")).isFalse();
    assertThat(read("?from=2").json().at("/samples/0/time").stringValue()).isNotEmpty();
  }

  @Test
  void areTextAndNeverMarkup() {
    String markup = "<script>alert(1)</script><img src=x onerror=alert(2)>";

    log(sample(markup, 1, 0, markup));

    Answer answer = read("");
    assertThat(answer.response().headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(texts(answer)).containsExactly(markup);
    Answer refused = log(sample(markup, 1, 0, "another"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.response().headers().firstValue("Content-Type"))
        .hasValue("application/problem+json");
  }

  @Test
  void areStoredOnceHoweverOftenTheyAreSent() {
    Map<String, Object> first = sample("a", 1, 0, "x");
    assertThat(log(first, first).json().get("stored").intValue()).isEqualTo(1);

    first.put("time", "2026-01-01T00:00:00Z");
    Answer again = log(first, sample("a", 1, 1, "new"));

    assertThat(again.json().get("stored").intValue()).isEqualTo(1);
    assertThat(texts(read(""))).containsExactly("x", "new");
  }

  @Test
  void neverChangeAndAreStoredAllOrNone() {
    log(sample("a", 1, 0, "x"));
    Map<String, Object> prompted = sample("a", 1, 0, "x");
    prompted.put("prompt", "p");

    Answer otherText = log(sample("a", 0, 0, "new"), sample("a", 1, 0, "y"));
    Answer otherPrompt = log(sample("a", 0, 0, "new"), prompted);
    Answer contradiction = log(sample("b", 1, 0, "x"), sample("b", 1, 0, "y"));

    assertThat(otherText.status()).isEqualTo(409);
    assertThat(otherText.json().get("code").stringValue()).isEqualTo("CONFLICT");
    assertThat(otherText.json().get("detail").stringValue())
        .contains("step 1, name 'a', index 0", "log it with another index");
    assertThat(otherPrompt.status()).isEqualTo(409);
    assertThat(contradiction.status()).isEqualTo(400);
    assertThat(fields(contradiction)).containsExactly("samples[1]");
    assertThat(texts(read(""))).containsExactly("x");
  }

  @Test
  void arePagedByTheirKeyWhileOthersAreAdded() {
    Random random = new Random(7);
    List<Map<String, Object>> all = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      all.add(sample("n" + i % 3, i / 9, i / 3 % 3, "t" + i));
    }
    Collections.shuffle(all, random);
    logAll(all);

    List<String> paged = new ArrayList<>();
    String after = "";
    int pages = 0;
    while (after != null) {
      Answer page = read("?size=7" + (after.isEmpty() ? "" : "&after=" + after));
      paged.addAll(texts(page));
      after = page.json().has("next") ? page.json().get("next").stringValue() : null;
      log(sample("before", -1 - pages, 0, "is before the page"));
      pages++;
    }

    assertThat(paged)
        .doesNotHaveDuplicates()
        .containsExactlyElementsOf(
            all.stream()
                .sorted(Comparator.comparing(SamplesIT::sortable))
                .map(s -> String.valueOf(s.get("text")))
                .toList());
    assertThat(pages).isEqualTo(13);
  }

  @Test
  void endAPageEarlyWhereTextsAreLong() {
    String tenth = "x".repeat(100_000);
    for (int i = 0; i < 3; i++) {
      List<Map<String, Object>> batch = new ArrayList<>();
      for (int j = 0; j < 9; j++) {
        batch.add(sample("long", i, j, tenth));
      }
      logAll(batch);
    }

    JsonNode first = read("").json();
    JsonNode second = read("?after=" + first.get("next").stringValue()).json();

    assertThat(first.get("samples")).hasSize(20);
    assertThat(second.get("samples")).hasSize(7);
    assertThat(second.has("next")).isFalse();
  }

  @Test
  void refuseAPageTokenOfAnotherQuestion() {
    log(sample("a", 1, 0, "x"), sample("a", 2, 0, "y"));
    String next = read("?size=1").json().get("next").stringValue();
    String other = newRun(team);

    assertThat(read("?size=5&after=" + next).status()).isEqualTo(200);
    assertThat(read("?size=1&name=a&after=" + next).status()).isEqualTo(400);
    assertThat(read("?size=1&from=1&after=" + next).status()).isEqualTo(400);
    assertThat(read("?size=1&after=x" + next).status()).isEqualTo(400);
    assertThat(team.get(path(other) + "?after=" + next).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "name, '', samples[0].name",
    "name, 251, samples[0].name",
    "name, NUL, samples[0].name",
    "name, null, samples[0].name",
    "index, -1, samples[0].index",
    "index, 10000, samples[0].index",
    "prompt, 20001, samples[0].prompt",
    "text, 100001, samples[0].text",
    "text, NUL, samples[0].text",
    "text, null, samples[0].text",
    "time, +1000000-01-01T00:00:00Z, samples[0].time",
    "time, 1969-12-31T23:59:59Z, samples[0].time"
  })
  void nameTheFieldThatIsRefused(String field, String value, String named) {
    Map<String, Object> sample = sample("a", 1, 0, "x");
    switch (value) {
      case "null" -> sample.remove(field);
      case "NUL" -> sample.put(field, "a\0b");
      default ->
          sample.put(
              field,
              field.equals("index")
                  ? (Object) Integer.valueOf(value)
                  : value.matches("\\d+") ? "x".repeat(Integer.parseInt(value)) : value);
    }

    Answer answer = log(sample);

    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(fields(answer)).containsExactly(named);
    assertThat(texts(read(""))).isEmpty();
  }

  @Test
  void areLimitedInNumberAndLength() {
    List<Map<String, Object>> many = new ArrayList<>();
    for (int i = 0; i < 101; i++) {
      many.add(sample("a", i, 0, ""));
    }
    List<Map<String, Object>> long11 = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      long11.add(sample("a", i, 0, "x".repeat(100_000)));
    }

    assertThat(fields(logAll(many))).containsExactly("samples");
    assertThat(fields(logAll(List.of()))).containsExactly("samples");
    assertThat(fields(logAll(long11))).containsExactly("samples");
    assertThat(fields(read("?size=0"))).containsExactly("size");
    assertThat(fields(read("?from=2&to=1"))).containsExactly("to");
    assertThat(fields(read("?name=%00"))).containsExactly("name");
    assertThat(read("?from=x").status()).isEqualTo(400);
    assertThat(team.send("POST", path(run), "{\"samples\": [null]}").status()).isEqualTo(400);
    assertThat(team.send("POST", path(run), "{}").status()).isEqualTo(400);
  }

  @Test
  void ofAnotherTeamDoNotExist() {
    log(sample("a", 1, 0, "x"));
    Client stranger = registry.team("stranger-" + UUID.randomUUID());

    Answer read = stranger.get(path(run));
    Answer unknown = stranger.get(path("0".repeat(32)));

    assertThat(read.status()).isEqualTo(404);
    assertThat(read.json().get("code")).isEqualTo(unknown.json().get("code"));
    assertThat(stranger.send("POST", path(run), "{\"samples\": []}").status()).isEqualTo(400);
    assertThat(stranger.send("POST", path(run), body(List.of(sample("a", 2, 0, "x")))).status())
        .isEqualTo(404);
  }

  @Test
  void ofADeletedRunAreReadButNoMoreAdded() {
    log(sample("a", 1, 0, "x"));
    team.post("runs/delete", "{\"run_id\": \"" + run + "\"}");

    assertThat(log(sample("a", 2, 0, "x")).status()).isEqualTo(400);
    assertThat(texts(read(""))).containsExactly("x");
  }

  @Test
  void goWithTheirRun() {
    log(sample("a", 1, 0, "x"));
    JdbcTemplate jdbc = registry.bean(JdbcTemplate.class);
    String count =
        "SELECT count(*) FROM text_samples s WHERE s.run_uid = (SELECT uid FROM runs WHERE run_id = ?)";
    assertThat(jdbc.queryForObject(count, Long.class, run)).isEqualTo(1);
    Long uid = jdbc.queryForObject("SELECT uid FROM runs WHERE run_id = ?", Long.class, run);

    jdbc.update("DELETE FROM runs WHERE run_id = ?", run);

    assertThat(
            jdbc.queryForObject(
                "SELECT count(*) FROM text_samples WHERE run_uid = ?", Long.class, uid))
        .isZero();
  }

  @Test
  void areLoggedAndReadThroughTheContract() {
    RestClient rest =
        RestClient.builder()
            .baseUrl(registry.url())
            .defaultHeader("Authorization", "Bearer " + registry.exchange(registry.serviceToken()))
            .build();
    SamplesApi api =
        HttpServiceProxyFactory.builderFor(RestClientAdapter.create(rest))
            .build()
            .createClient(SamplesApi.class);
    String name = "contract-" + UUID.randomUUID();
    String own = newRun(registry.team(name));
    Instant time = Instant.parse("2026-01-02T03:04:05.678Z");
    List<Sample> samples =
        List.of(new Sample("a", 1, 0, "p", "t", time), new Sample("a", 2, 0, null, "u", time));

    assertThat(api.log(name, own, new LogSamples(samples)).stored()).isEqualTo(2);

    SamplePage first = api.read(name, own, null, null, null, 1, null);
    assertThat(first.samples()).containsExactly(samples.get(0));
    assertThat(api.read(name, own, null, null, null, 1, first.next()).samples())
        .containsExactly(samples.get(1));
    assertThat(api.read(name, own, "a", 2L, 3L, null, null))
        .isEqualTo(new SamplePage(List.of(samples.get(1)), null));
  }

  /** The key of a sample whose step and index have one digit. */
  private static String sortable(Map<String, Object> sample) {
    return "%s %s %s".formatted(sample.get("step"), sample.get("name"), sample.get("index"));
  }

  private static String newRun(Client client) {
    return client
        .post("runs/create", "{\"experiment_id\": \"0\"}")
        .json()
        .at("/run/info/run_id")
        .stringValue();
  }

  private static Map<String, Object> sample(String name, long step, int index, String text) {
    return new TreeMap<>(Map.of("name", name, "step", step, "index", index, "text", text));
  }

  @SafeVarargs
  private Answer log(Map<String, Object>... samples) {
    return logAll(List.of(samples));
  }

  private Answer logAll(List<Map<String, Object>> samples) {
    return team.send("POST", path(run), body(samples));
  }

  private static String body(List<Map<String, Object>> samples) {
    return JSON.writeValueAsString(Map.of("samples", samples));
  }

  private Answer read(String query) {
    return team.get(path(run) + query);
  }

  private static String path(String run) {
    return "/api/v1/registry/runs/" + run + "/samples";
  }

  private static List<String> texts(Answer page) {
    assertThat(page.status()).as(page.toString()).isEqualTo(200);
    List<String> texts = new ArrayList<>();
    page.json().get("samples").forEach(sample -> texts.add(sample.get("text").stringValue()));
    return texts;
  }

  private static List<String> fields(Answer refused) {
    assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
    List<String> fields = new ArrayList<>();
    refused.json().get("errors").forEach(error -> fields.add(error.get("field").stringValue()));
    return fields;
  }
}
