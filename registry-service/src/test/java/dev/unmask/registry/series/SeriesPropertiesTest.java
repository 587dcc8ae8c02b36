package dev.unmask.registry.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SeriesPropertiesTest {

  @Test
  void looksForSeriesToSummariseEveryThreeSecondsUnlessTold() {
    assertThat(bound(Map.of())).isEqualTo(new SeriesProperties(Duration.ofSeconds(3)));
  }

  @Test
  void takesEverySetting() {
    assertThat(bound(Map.of("unmask.registry.series.pause", "250ms")))
        .isEqualTo(new SeriesProperties(Duration.ofMillis(250)));
  }

  private static SeriesProperties bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("unmask.registry.series", SeriesProperties.class);
  }
}
