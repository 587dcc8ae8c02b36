package dev.unmask.registry.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RetentionSettingsTest {
  private static final String PREFIX = "unmask.registry.retention";

  @Test
  void removesHalfOfTheTimeAndKeepsBlobsForAnHourUnlessTold() {
    assertThat(bound(Map.of()))
        .isEqualTo(
            new RetentionProperties(
                true,
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                200,
                20_000,
                0.5,
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(24)));
  }

  @Test
  void takesEverySetting() {
    assertThat(
            bound(
                Map.of(
                    "enabled", "false",
                    "poll", "1s",
                    "lease", "2s",
                    "chunk-runs", "3",
                    "chunk-points", "4",
                    "share", "0.25",
                    "blob-grace", "5m",
                    "draft-age", "6m",
                    "sweep-every", "7h")))
        .isEqualTo(
            new RetentionProperties(
                false,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                3,
                4,
                0.25,
                Duration.ofMinutes(5),
                Duration.ofMinutes(6),
                Duration.ofHours(7)));
  }

  private static RetentionProperties bound(Map<String, String> settings) {
    MapConfigurationPropertySource source = new MapConfigurationPropertySource();
    settings.forEach((key, value) -> source.put(PREFIX + "." + key, value));
    return new Binder(source).bindOrCreate(PREFIX, RetentionProperties.class);
  }
}
