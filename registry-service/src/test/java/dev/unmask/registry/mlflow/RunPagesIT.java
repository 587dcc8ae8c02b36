package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Pages of runs: their order is the protocol's, and they lose and repeat nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunPagesIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final Client team = registry.team("pages-" + UUID.randomUUID());
  private final List<String> experiments = new ArrayList<>();
  private final List<SampleRun> samples = new ArrayList<>();

  /** A filter and what it lets through. */
  private enum Condition {
    NONE("", run -> true),
    LOSS_ABOVE("metrics.loss > 0", run -> run.loss() != null && run.loss() > 0),
    LOSS_NOT_HALF("metrics.loss != 0.5", run -> run.loss() != null && run.loss() != 0.5),
    ACCURACY("metrics.accuracy <= 2.5", run -> run.accuracy() != null && run.accuracy() <= 2.5),
    PARAM("params.p = 'B'", run -> "B".equals(run.param())),
    TAG(
        "tags.t != 'a' AND start_time > 0.5",
        run -> run.tag() != null && !run.tag().equals("a") && run.start() > 0),
    ENDED("end_time >= 3", run -> run.end() != null && run.end() >= 3);

    private final String text;
    private final Predicate<SampleRun> predicate;

    Condition(String text, Predicate<SampleRun> predicate) {
      this.text = text;
      this.predicate = predicate;
    }
  }

  @BeforeAll
  void logRuns() {
    for (int i = 0; i < 3; i++) {
      experiments.add(experiment());
    }
    Random random = new Random(7);
    SampleRuns runs = new SampleRuns(team, random);
    for (int i = 0; i < 90; i++) {
      samples.add(runs.add(experiments.get(random.nextInt(3))));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void areTheProtocolsOrderWhateverTheirSize(long seed) {
    Random random = new Random(seed);
    List<String> searched = experiments.subList(0, 1 + random.nextInt(3));
    List<SampleRun.Key> keys = new ArrayList<>(List.of(SampleRun.Key.values()));
    Collections.shuffle(keys, random);
    keys = keys.subList(0, random.nextInt(4));
    List<String> order = new ArrayList<>();
    Comparator<SampleRun> comparator = (a, b) -> 0;
    for (SampleRun.Key key : keys) {
      boolean ascending = random.nextBoolean();
      order.add(key.text + (ascending ? " ASC" : " DESC"));
      comparator = comparator.thenComparing(key.comparator(ascending));
    }
    Condition condition = Condition.values()[random.nextInt(Condition.values().length)];
    int view = 1 + random.nextInt(3);
    Query query = new Query(searched, condition.text, order, view);
    List<String> expected =
        samples.stream()
            .filter(run -> searched.contains(run.experiment()))
            .filter(run -> view == 3 || run.active() == (view == 1))
            .filter(condition.predicate)
            .sorted(comparator.thenComparing(SampleRun.NEWEST_FIRST))
            .map(SampleRun::id)
            .toList();

    assertThat(all(query, 1_000)).as(query.toString()).isEqualTo(expected);
    assertThat(all(query, 1)).as(query + " one by one").isEqualTo(expected);
    assertThat(all(query, 2 + random.nextInt(20))).as(query + " paged").isEqualTo(expected);
  }

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @Test
  void areTheSameOverManyExperimentsAsOverEach() {
    List<String> many = new ArrayList<>(experiments);
    while (many.size() < 40) {
      many.add(experiment());
    }
    for (String order : List.of("metrics.loss DESC", "start_time", "params.p", "run_id")) {
      Query few = new Query(experiments, "", List.of(order), 1);

      assertThat(all(new Query(many, "", List.of(order), 1), 7)).isEqualTo(all(few, 1_000));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "start_time ASC",
        "metrics.loss",
        "metrics.loss DESC",
        "metrics.accuracy DESC, params.p",
        "params.p DESC",
        "tags.t",
        "end_time DESC",
        "run_name",
      })
  void loseAndRepeatNothingWhileAnotherClientInserts(String orders) throws Exception {
    String experiment = experiment();
    SampleRuns runs = new SampleRuns(team, new Random(11));
    Query query =
        new Query(
            List.of(experiment), "", orders.isEmpty() ? List.of() : List.of(orders.split(", ")), 3);
    List<String> before = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      before.add(runs.add(experiment).id());
    }
    AtomicBoolean done = new AtomicBoolean();
    List<String> found = new ArrayList<>();

    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var inserted =
          pool.submit(
              () -> {
                SampleRuns others = new SampleRuns(team, new Random(13));
                int count = 0;
                for (; !done.get() || count == 0; count++) {
                  others.add(experiment);
                }
                return count;
              });
      try {
        String token = "";
        do {
          // At least one run comes between any two pages, besides those of the other client.
          runs.add(experiment);
          JsonNode page = query.page(4, token).json();
          found.addAll(ids(page));
          token = page.path("next_page_token").asString("");
        } while (!token.isEmpty() && found.size() < 500);
      } finally {
        done.set(true);
      }
      assertThat(inserted.get()).isPositive();
    }

    assertThat(found).doesNotHaveDuplicates().containsAll(before);
  }

  @Test
  void areRefusedForATokenOfAnotherSearch() {
    Query query = new Query(experiments, "metrics.loss < 5", List.of("metrics.loss"), 3);
    String token = query.page(2, "").json().get("next_page_token").stringValue();

    assertThat(query.page(5, token).status()).isEqualTo(200);
    for (Query other :
        List.of(
            new Query(experiments, "metrics.loss < 6", List.of("metrics.loss"), 3),
            new Query(experiments, "metrics.loss < 5", List.of("metrics.loss DESC"), 3),
            new Query(experiments, "metrics.loss < 5", List.of(), 3),
            new Query(experiments, "metrics.loss < 5", List.of("metrics.loss"), 1),
            new Query(experiments.subList(0, 2), "metrics.loss < 5", List.of("metrics.loss"), 3))) {
      refused(other.page(2, token));
    }
    Client stranger = registry.team("stranger-" + UUID.randomUUID());
    refused(stranger.post("runs/search", query.body(2, token)));
    refused(query.page(2, token.substring(0, token.length() - 2)));
    // An offset, as tokens were before.
    refused(query.page(2, "eyJvZmZzZXQiOiAzfQ=="));
  }

  @Test
  void areRefusedForNonsenseEvenWhereNothingIsSearched() {
    for (String body :
        List.of(
            "{\"filter\": \"nope.a = 'x'\"}",
            "{\"filter\": \"params.a = 5\"}",
            "{\"order_by\": [\"nope\"]}",
            "{\"page_token\": \"AAAA\"}")) {
      Answer answer = team.post("runs/search", body);

      assertThat(answer.status()).as(body).isEqualTo(400);
    }
    assertThat(team.post("runs/search", "{}").text()).isEqualTo("{}");
  }

  @Test
  void holdEveryRunOfALargePageWithWhatWasLoggedToIt() {
    String experiment = experiment();
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      made.addFirst(
          team.post(
                  "runs/create",
                  "{\"experiment_id\": \"%s\", \"start_time\": %d, \"tags\": [{\"key\": \"i\", \"value\": \"%d\"}]}"
                      .formatted(experiment, i, i))
              .json()
              .at("/run/info/run_id")
              .stringValue());
    }

    JsonNode page = new Query(List.of(experiment), "", List.of(), 1).page(1_000, "").json();

    assertThat(ids(page)).isEqualTo(made);
    assertThat(page.has("next_page_token")).isFalse();
    List<String> tags = new ArrayList<>();
    page.get("runs")
        .forEach(
            run ->
                run.at("/data/tags")
                    .forEach(
                        tag -> {
                          if (tag.get("key").stringValue().equals("i")) {
                            tags.add(tag.get("value").stringValue());
                          }
                        }));
    assertThat(tags)
        .isEqualTo(IntStream.range(0, 600).mapToObj(i -> Integer.toString(599 - i)).toList());
  }

  private List<String> all(Query query, int size) {
    List<String> found = new ArrayList<>();
    String token = "";
    do {
      Answer answer = query.page(size, token);
      assertThat(answer.status()).as(query + ": " + answer).isEqualTo(200);
      JsonNode page = answer.json();
      assertThat(ids(page)).hasSizeLessThanOrEqualTo(size);
      found.addAll(ids(page));
      token = page.path("next_page_token").asString("");
    } while (!token.isEmpty() && found.size() <= samples.size() * 2);
    assertThat(new HashSet<>(found)).hasSameSizeAs(found);
    return found;
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("runs").forEach(run -> ids.add(run.at("/info/run_id").stringValue()));
    return ids;
  }

  private String experiment() {
    return team.post("experiments/create", "{\"name\": \"%s\"}".formatted(UUID.randomUUID()))
        .json()
        .get("experiment_id")
        .stringValue();
  }

  private static void refused(Answer answer) {
    BadInputIT.refused(answer, 400, "INVALID_PARAMETER_VALUE", "Invalid page token");
  }

  private final class Query {
    private final List<String> experiments;
    private final String filter;
    private final List<String> order;
    private final int view;

    Query(List<String> experiments, String filter, List<String> order, int view) {
      this.experiments = experiments;
      this.filter = filter;
      this.order = order;
      this.view = view;
    }

    Answer page(int size, String token) {
      return team.post("runs/search", body(size, token));
    }

    String body(int size, String token) {
      return "{\"experiment_ids\": %s, \"filter\": \"%s\", \"order_by\": %s, \"run_view_type\": %d, \"max_results\": %d, \"page_token\": \"%s\"}"
          .formatted(texts(experiments), filter, texts(order), view, size, token);
    }

    private static String texts(List<String> texts) {
      return texts.stream()
          .map(text -> "\"" + text + "\"")
          .collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public String toString() {
      return body(0, "");
    }
  }
}
