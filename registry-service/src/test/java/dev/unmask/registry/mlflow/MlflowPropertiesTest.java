package dev.unmask.registry.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class MlflowPropertiesTest {

  @Test
  void limitsBodiesAsClientsExpectUnlessTold() {
    assertThat(bound(Map.of()))
        .isEqualTo(new MlflowProperties(DataSize.ofBytes(1_000_000), DataSize.ofMegabytes(4)));
  }

  @Test
  void takesEverySetting() {
    assertThat(
            bound(
                Map.of(
                    "unmask.registry.mlflow.max-body", "1KB",
                    "unmask.registry.mlflow.max-inputs-body", "2KB")))
        .isEqualTo(new MlflowProperties(DataSize.ofKilobytes(1), DataSize.ofKilobytes(2)));
  }

  private static MlflowProperties bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("unmask.registry.mlflow", MlflowProperties.class);
  }
}
