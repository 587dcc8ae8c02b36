package dev.unmask.registry.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class WritePropertiesTest {

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(bound(Map.of())).isEqualTo(new WriteProperties(96, Duration.ofSeconds(15)));
  }

  @Test
  void takesEverySetting() {
    assertThat(
            bound(
                Map.of(
                    "unmask.registry.writes.waiting", "3",
                    "unmask.registry.writes.longest-wait", "1s")))
        .isEqualTo(new WriteProperties(3, Duration.ofSeconds(1)));
  }

  private static WriteProperties bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("unmask.registry.writes", WriteProperties.class);
  }
}
