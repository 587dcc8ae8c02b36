package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunQueryTest {

  private static final RunQuery NEWEST = RunQuery.newest(new Experiment("7", 70), 100);

  @Test
  void leavesOutWhatIsNotAskedFor() {
    assertThat(NEWEST.json()).isEqualTo("{\"experiment_ids\":[\"7\"],\"max_results\":100}");
  }

  @Test
  void namesFilterOrderAndPage() {
    assertThat(NEWEST.matching("metrics.m0 > 0.5", "metrics.m0 DESC").at("token").most(3).json())
        .contains("\"max_results\":3", "\"order_by\":[\"metrics.m0 DESC\"]")
        .contains("\"page_token\":\"token\"", "\"filter\":\"metrics.m0 ");
  }
}
