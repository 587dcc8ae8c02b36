package dev.unmask.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class EnginePropertiesTest {

  @Test
  void hasDefaultsThatSuitALaptop() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new EngineProperties(
                4, 64, Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(5)));
  }

  @Test
  void bindsEveryKey() {
    assertThat(
            bind(
                Map.of(
                    "e.max-running-requests", "2",
                    "e.max-queued-requests", "3",
                    "e.queue-timeout", "4s",
                    "e.request-timeout", "5s",
                    "e.drain-timeout", "6s")))
        .isEqualTo(
            new EngineProperties(
                2, 3, Duration.ofSeconds(4), Duration.ofSeconds(5), Duration.ofSeconds(6)));
  }

  private static EngineProperties bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bindOrCreate("e", EngineProperties.class);
  }
}
