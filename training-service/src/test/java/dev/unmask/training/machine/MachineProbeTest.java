package dev.unmask.training.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineProbeTest {
  @Test
  void readsWhatEveryMachineHasUnderMlflowsNames() {
    Map<String, Double> values = new MachineProbe().read();

    assertThat(values)
        .containsKeys(
            "system/system_memory_usage_megabytes", "system/system_memory_usage_percentage");
    assertThat(values.keySet()).allMatch(name -> name.startsWith("system/"));
    assertThat(values.get("system/system_memory_usage_megabytes")).isPositive();
    assertThat(values)
        .allSatisfy(
            (name, value) -> {
              if (name.endsWith("percentage")) {
                assertThat(value).as(name).isBetween(0.0, 100.0);
              } else {
                assertThat(value).as(name).isGreaterThanOrEqualTo(0);
              }
            });
  }
}
