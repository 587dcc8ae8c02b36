package dev.unmask.registry.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.api.MlflowTrackingApi;
import dev.unmask.registry.api.MlflowTrackingApi.CreateExperiment;
import dev.unmask.registry.api.MlflowTrackingApi.CreateRun;
import dev.unmask.registry.api.MlflowTrackingApi.KeyValue;
import dev.unmask.registry.api.MlflowTrackingApi.LogBatch;
import dev.unmask.registry.api.MlflowTrackingApi.Metric;
import dev.unmask.registry.api.RunsApi;
import dev.unmask.registry.api.RunsApi.Difference;
import dev.unmask.registry.api.RunsApi.DifferenceQuery;
import dev.unmask.registry.api.RunsApi.GroupQuery;
import dev.unmask.registry.api.RunsApi.MetricStatistics;
import dev.unmask.registry.api.RunsApi.MetricValue;
import dev.unmask.registry.api.RunsApi.RunGroup;
import dev.unmask.registry.api.RunsApi.RunPage;
import dev.unmask.registry.api.RunsApi.RunQuery;
import dev.unmask.registry.api.RunsApi.RunState;
import dev.unmask.registry.api.RunsApi.RunView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** The searches of {@link RunsApi}, called as other services call them. */
class RunQueryIT {
  private final RegistryServer registry = RegistryServer.shared();
  private final String team = "query-" + UUID.randomUUID();
  private final MlflowTrackingApi tracking = contract(MlflowTrackingApi.class);
  private final RunsApi runs = contract(RunsApi.class);
  private long experiment;

  @BeforeEach
  void createExperiment() {
    registry.team(team);
    experiment =
        Long.parseLong(
            tracking.createExperiment(team, new CreateExperiment("e", List.of())).experimentId());
  }

  @Test
  void answersTheFieldsThatWereAskedFor() {
    String run = run(1, List.of(metric("loss", 0.5), metric("b", 2)), "lr", "0.1", "seed", "7");

    RunView everything = only(query(null));
    RunView some = only(query(List.of("params.lr", "metrics.`loss`")));
    RunView kinds = only(query(List.of("params", "tags.nothing")));
    RunView none = only(query(List.of()));

    assertThat(everything.id()).isEqualTo(run);
    assertThat(everything.params()).isEqualTo(Map.of("lr", "0.1", "seed", "7"));
    assertThat(everything.tags()).containsEntry("mlflow.runName", "run");
    assertThat(everything.metrics())
        .isEqualTo(Map.of("loss", new MetricValue(0.5, 3, 9), "b", new MetricValue(2, 3, 9)));
    assertThat(some.params()).isEqualTo(Map.of("lr", "0.1"));
    assertThat(some.metrics()).containsOnlyKeys("loss");
    assertThat(some.tags()).isEmpty();
    assertThat(kinds.params()).containsOnlyKeys("lr", "seed");
    assertThat(kinds.tags()).isEmpty();
    assertThat(none)
        .isEqualTo(
            new RunView(
                run,
                experiment,
                "run",
                "owner",
                "RUNNING",
                1,
                null,
                true,
                Map.of(),
                Map.of(),
                Map.of()));
  }

  @Test
  void pagesThroughAFilterAndAnOrder() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      String run = run(i, List.of(metric("loss", -i)));
      if (i >= 2) {
        expected.addFirst(run);
      }
    }
    List<String> found = new ArrayList<>();
    String after = null;
    do {
      RunPage page =
          runs.search(
              team,
              new RunQuery(
                  List.of(experiment),
                  "metrics.loss <= -2",
                  List.of("metrics.loss"),
                  null,
                  List.of(),
                  2,
                  after));
      page.runs().forEach(run -> found.add(run.id()));
      after = page.next();
    } while (after != null);

    assertThat(found).isEqualTo(expected);
  }

  @Test
  void looksIntoAllActiveExperimentsWhereNoneIsNamed() {
    String run = run(1, List.of());
    String other =
        tracking.createExperiment(team, new CreateExperiment("other", List.of())).experimentId();
    String second =
        tracking
            .createRun(team, new CreateRun(other, "run", "owner", 2L, List.of()))
            .run()
            .info()
            .runId();

    RunPage page =
        runs.search(team, new RunQuery(null, null, null, RunState.ACTIVE, null, null, null));

    assertThat(page.runs()).extracting(RunView::id).containsExactly(second, run);
  }

  @Test
  void describesMetricsOverGroups() {
    run(1, List.of(metric("loss", 1)), "lr", "0.1");
    run(2, List.of(metric("loss", 2)), "lr", "0.1");
    run(3, List.of(metric("loss", 6)), "lr", "0.1");
    run(4, List.of(metric("loss", Double.NaN)), "lr", "0.1");
    run(5, List.of(metric("loss", Double.NEGATIVE_INFINITY)), "lr", "0.1");
    run(6, List.of(), "lr", "0.1");
    run(7, List.of(metric("loss", 4), metric("other", 8)), "lr", "0.2");
    run(8, List.of(metric("loss", 4)));

    List<RunGroup> groups = groups("params.lr", "loss", "other");

    assertThat(groups).extracting(RunGroup::value).containsExactly("0.1", "0.2", null);
    assertThat(groups).extracting(RunGroup::runs).containsExactly(6L, 1L, 1L);
    MetricStatistics first = statistics(groups.getFirst(), "loss");
    assertThat(first.count()).isEqualTo(3);
    assertThat(first.notFinite()).isEqualTo(2);
    assertThat(first.missing()).isEqualTo(1);
    assertThat(first.mean()).isEqualTo(3);
    assertThat(first.min()).isEqualTo(1);
    assertThat(first.max()).isEqualTo(6);
    assertThat(first.standardDeviation()).isCloseTo(Math.sqrt(7), within(1e-12));
    assertThat(groups.get(1).metrics())
        .isEqualTo(
            Map.of(
                "loss", new MetricStatistics(1, 0, 0, 4.0, 4.0, 4.0, null),
                "other", new MetricStatistics(1, 0, 0, 8.0, 8.0, 8.0, null)));
    assertThat(groups.getFirst().metrics().get("other"))
        .isEqualTo(new MetricStatistics(0, 0, 6, null, null, null, null));
  }

  @Test
  void describesValuesWhoseSquaresExceedADouble() {
    run(1, List.of(metric("loss", 1e308), metric("small", 1e-3)), "lr", "a");
    run(2, List.of(metric("loss", 1.5e308), metric("small", 3e-3)), "lr", "a");
    run(3, List.of(metric("loss", 1)), "lr", "b");
    run(4, List.of(metric("loss", 3)), "lr", "b");

    List<RunGroup> groups = groups("params.lr", "loss", "small");

    MetricStatistics large = statistics(groups.getFirst(), "loss");
    assertThat(large.mean()).isCloseTo(1.25e308, within(1e295));
    assertThat(large.standardDeviation()).isCloseTo(0.5e308 / Math.sqrt(2), within(1e295));
    assertThat(statistics(groups.getFirst(), "small").mean()).isCloseTo(2e-3, within(1e-15));
    assertThat(statistics(groups.get(1), "loss").mean()).isEqualTo(2);
    assertThat(statistics(groups.get(1), "loss").standardDeviation())
        .isCloseTo(Math.sqrt(2), within(1e-12));
  }

  @Test
  void comparesWhatSetsRunsApart() {
    String first = run(1, List.of(metric("loss", 1)), "lr", "0.1", "depth", "4", "seed", "1");
    String second = run(2, List.of(), "lr", "0.2", "depth", "4");

    var differences = runs.differences(team, new DifferenceQuery(List.of(second, first, second)));

    assertThat(differences.runs()).containsExactly(second, first);
    assertThat(differences.params())
        .containsExactly(
            new Difference("lr", List.of("0.2", "0.1")),
            new Difference("seed", Arrays.asList(null, "1")));
    assertThat(differences.tags()).isEmpty();
  }

  @Test
  void answersOtherTeamsIdsLikeUnknownOnes() {
    String run = run(1, List.of());
    String stranger = "stranger-" + UUID.randomUUID();
    registry.team(stranger);

    assertMissing(() -> runs.search(stranger, query(null)), "EXPERIMENT_NOT_FOUND");
    assertMissing(
        () ->
            runs.groups(
                stranger,
                new GroupQuery(List.of(experiment), null, null, "params.a", List.of("b"))),
        "EXPERIMENT_NOT_FOUND");
    assertMissing(
        () -> runs.differences(stranger, new DifferenceQuery(List.of(run, run))), "RUN_NOT_FOUND");
    assertMissing(
        () -> runs.differences(team, new DifferenceQuery(List.of(run, "0".repeat(32)))),
        "RUN_NOT_FOUND");
    assertThat(
            runs.search(stranger, new RunQuery(null, null, null, RunState.ALL, null, null, null))
                .runs())
        .isEmpty();
  }

  @Test
  void namesTheFieldOfABadRequest() {
    assertRefused(() -> search(List.of("nope"), 10, null), "nope");
    assertRefused(() -> search(null, 0, null), "size");
    assertRefused(() -> search(null, 1_001, null), "size");
    assertRefused(() -> search(null, 10, "AAAA"), "page token");
    assertRefused(() -> groups("metrics.loss", "loss"), "by");
    assertRefused(() -> groups("params.lr"), "metrics");
    assertRefused(() -> runs.differences(team, new DifferenceQuery(List.of("a"))), "runs");
  }

  private RunPage search(@Nullable List<String> fields, int size, @Nullable String after) {
    return runs.search(
        team, new RunQuery(List.of(experiment), null, null, null, fields, size, after));
  }

  private RunQuery query(@Nullable List<String> fields) {
    return new RunQuery(List.of(experiment), null, null, null, fields, null, null);
  }

  private RunView only(RunQuery query) {
    RunPage page = runs.search(team, query);
    assertThat(page.runs()).hasSize(1);
    assertThat(page.next()).isNull();
    return page.runs().getFirst();
  }

  private List<RunGroup> groups(String by, String... metrics) {
    return runs.groups(team, new GroupQuery(List.of(experiment), null, null, by, List.of(metrics)))
        .groups();
  }

  private static MetricStatistics statistics(RunGroup group, String metric) {
    return Objects.requireNonNull(group.metrics().get(metric));
  }

  private static void assertMissing(Runnable call, String code) {
    assertThatThrownBy(call::run)
        .isInstanceOf(HttpClientErrorException.NotFound.class)
        .hasMessageContaining(code);
  }

  private static void assertRefused(Runnable call, String named) {
    assertThatThrownBy(call::run)
        .isInstanceOf(HttpClientErrorException.BadRequest.class)
        .hasMessageContaining(named);
  }

  private static Metric metric(String key, double value) {
    return new Metric(key, value, 9, 3);
  }

  private String run(long start, List<Metric> metrics, String... params) {
    String id =
        tracking
            .createRun(
                team, new CreateRun(Long.toString(experiment), "run", "owner", start, List.of()))
            .run()
            .info()
            .runId();
    List<KeyValue> entries = new ArrayList<>();
    for (int i = 0; i < params.length; i += 2) {
      entries.add(new KeyValue(params[i], params[i + 1]));
    }
    tracking.logBatch(team, new LogBatch(id, metrics, entries, List.of()));
    return id;
  }

  private <T> T contract(Class<T> type) {
    RestClient client =
        RestClient.builder()
            .requestFactory(new JdkClientHttpRequestFactory())
            .baseUrl(registry.url())
            .defaultHeader("Authorization", "Bearer " + registry.exchange(registry.serviceToken()))
            .build();
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
        .build()
        .createClient(type);
  }
}
