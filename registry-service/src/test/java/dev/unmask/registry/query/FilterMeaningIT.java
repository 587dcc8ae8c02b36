package dev.unmask.registry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.RegistryServer;
import dev.unmask.registry.RegistryServer.Answer;
import dev.unmask.registry.RegistryServer.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Random filters over random runs: PostgreSQL and a plain interpreter find the same runs. */
class FilterMeaningIT {
  private static final int RUNS = 250;
  private static final int FILTERS = 50;
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final Client TEAM = RegistryServer.shared().team("filters-" + UUID.randomUUID());
  private static final List<SampleRun> ALL = new ArrayList<>();

  static LongStream seeds() {
    return LongStream.range(0, 12);
  }

  @BeforeAll
  static void makeRuns() {
    RandomRuns runs = new RandomRuns(42, TEAM);
    for (int i = 0; i < RUNS; i++) {
      ALL.add(runs.make());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isTheSameInTheDatabaseAndInJava(long seed) {
    RandomRunFilters filters = new RandomRunFilters(seed, ALL);
    int telling = 0;
    for (int i = 0; i < FILTERS; i++) {
      Filter filter = filters.next();
      List<String> expected =
          ALL.stream()
              .filter(run -> FilterInterpreter.matches(filter, run))
              .map(SampleRun::id)
              .toList();
      telling += expected.isEmpty() || expected.size() == RUNS ? 0 : 1;

      assertThat(found(filter)).as(filter.text()).containsExactlyInAnyOrderElementsOf(expected);
    }

    assertThat(telling).as("filters that find some runs but not all").isGreaterThan(FILTERS / 4);
  }

  private static List<String> found(Filter filter) {
    Answer answer =
        TEAM.post(
            "runs/search",
            JSON.writeValueAsString(
                Map.of("experiment_ids", List.of("0"), "filter", filter.text())));
    assertThat(answer.status()).as(filter.text() + " -> " + answer).isEqualTo(200);
    List<String> ids = new ArrayList<>();
    answer.json().path("runs").forEach(run -> ids.add(run.at("/info/run_id").stringValue()));
    return ids;
  }
}
