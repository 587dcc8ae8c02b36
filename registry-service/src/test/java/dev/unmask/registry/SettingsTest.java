package dev.unmask.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.registry.artifact.ArtifactProperties;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class SettingsTest {

  @Test
  void limitsUploadsToTenGigabytesUnlessTold() {
    assertThat(bound(Map.of("unmask.registry.artifacts.directory", "/x")))
        .isEqualTo(new ArtifactProperties(Path.of("/x"), DataSize.ofGigabytes(10)));
  }

  @Test
  void takesEveryArtifactSetting() {
    assertThat(
            bound(
                Map.of(
                    "unmask.registry.artifacts.directory", "/y",
                    "unmask.registry.artifacts.max-upload", "3MB")))
        .isEqualTo(new ArtifactProperties(Path.of("/y"), DataSize.ofMegabytes(3)));
  }

  private static ArtifactProperties bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bind("unmask.registry.artifacts", ArtifactProperties.class)
        .get();
  }
}
