package dev.unmask.benchmarks.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowTest {

  private static final RegistryScale FULL = RegistryScale.complete();

  @Test
  void holdsFastAndSlowAgainstTheGoalInTheRightDirection() {
    assertThat(Row.LOG_METRIC_P50.result(FULL, 3.9).json()).contains("\"goal\":4.0,\"met\":true");
    assertThat(Row.LOG_METRIC_P50.result(FULL, 4.1).json()).contains("\"goal\":4.0,\"met\":false");
    assertThat(Row.CLIENTS_RATE.result(FULL, 39_999).json()).contains("\"met\":false");
    assertThat(Row.CLIENTS_RATE.result(FULL, 40_001).json()).contains("\"met\":true");
  }

  @Test
  void meetsNoGoalWithFewerRowsThanItIsMeantFor() {
    assertThat(Row.LOG_METRIC_P50.result(RegistryScale.quick(), 0.1).json())
        .contains("\"goal\":null,\"met\":null", "\"scale\":\"quick\"");
  }

  @Test
  void saysWhyThereIsNoValue() {
    assertThat(Row.PURGE_TIME.missing(FULL).json())
        .contains("\"value\":null", "\"met\":false", "\"missing\":\"route\"");
    assertThat(Row.PURGE_TIME.failed(FULL, "status 500: oops").json())
        .contains("\"value\":null", "\"met\":false", "\"failed\":\"status 500: oops\"");
  }

  @Test
  void isMeasuredByOneCaseEach() {
    List<Row> measured =
        RegistryBenchmark.chosen(List.of()).stream().flatMap(each -> each.rows().stream()).toList();

    assertThat(measured)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(Row.values()));
  }
}
