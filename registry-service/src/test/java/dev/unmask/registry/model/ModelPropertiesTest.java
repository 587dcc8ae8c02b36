package dev.unmask.registry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ModelPropertiesTest {

  @Test
  void acceptsDataThatIsReadAndNotRunUnlessTold() {
    assertThat(bound(Map.of()).acceptedKinds())
        .containsExactlyInAnyOrder(
            "safetensors",
            "json",
            "txt",
            "md",
            "jinja",
            "yaml",
            "yml",
            "mlmodel",
            "tokenizer.model");
  }

  @Test
  void takesTheSetting() {
    assertThat(bound(Map.of("unmask.registry.models.accepted-kinds", "pkl,bin")))
        .isEqualTo(new ModelProperties(Set.of("pkl", "bin")));
  }

  private static ModelProperties bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("unmask.registry.models", ModelProperties.class);
  }
}
