package dev.unmask.registry.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AdmissionPropertiesTest {

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(bound(Map.of()))
        .isEqualTo(new AdmissionProperties(128, 32, 32, Duration.ofSeconds(2)));
  }

  @Test
  void takesEverySetting() {
    assertThat(
            bound(
                Map.of(
                    "unmask.registry.admission.requests", "4",
                    "unmask.registry.admission.transfers", "3",
                    "unmask.registry.admission.waiting", "2",
                    "unmask.registry.admission.longest-wait", "1s")))
        .isEqualTo(new AdmissionProperties(4, 3, 2, Duration.ofSeconds(1)));
  }

  private static AdmissionProperties bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("unmask.registry.admission", AdmissionProperties.class);
  }
}
