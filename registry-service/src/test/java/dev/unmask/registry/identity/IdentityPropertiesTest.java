package dev.unmask.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class IdentityPropertiesTest {

  @Test
  void makesNoAccountsUnlessTold() {
    IdentityProperties defaults = bound(Map.of("unmask.identity.signing-key-file", "/key"));

    assertThat(defaults)
        .isEqualTo(
            new IdentityProperties(
                Path.of("/key"), null, null, null, null, Duration.ofMinutes(5), 120));
  }

  @Test
  void takesEverySettingAndPrintsNoSecret() {
    IdentityProperties all =
        bound(
            Map.of(
                "unmask.identity.signing-key-file", "/key",
                "unmask.identity.owner-token-file", "/owner",
                "unmask.identity.service-token-file", "/service",
                "unmask.identity.owner-token", "secret-of-the-owner",
                "unmask.identity.service-token", "secret-of-the-services",
                "unmask.identity.jwt-life", "1m",
                "unmask.identity.wrong-tokens-per-minute", "7"));

    assertThat(all)
        .isEqualTo(
            new IdentityProperties(
                Path.of("/key"),
                Path.of("/owner"),
                Path.of("/service"),
                "secret-of-the-owner",
                "secret-of-the-services",
                Duration.ofMinutes(1),
                7));
    assertThat(all.toString()).doesNotContain("secret");
  }

  private static IdentityProperties bound(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bind("unmask.identity", IdentityProperties.class)
        .get();
  }
}
