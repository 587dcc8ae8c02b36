package dev.unmask.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SessionSettingsTest {
  @Test
  void hasTheDocumentedDefaults() {
    SessionProperties session = bind(Map.of(), "unmask.gateway.session", SessionProperties.class);
    ExchangeProperties exchange =
        bind(Map.of(), "unmask.gateway.exchange", ExchangeProperties.class);

    assertThat(session.keyBytes()).isNull();
    assertThat(session.lifetime()).isEqualTo(Duration.ofHours(12));
    assertThat(session.secureCookie()).isEqualTo(SessionProperties.SecureCookie.AUTO);
    assertThat(exchange)
        .isEqualTo(new ExchangeProperties(10_000, Duration.ofSeconds(60), Duration.ofSeconds(5)));
  }

  @Test
  void takesEveryKey() {
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    SessionProperties session =
        bind(
            Map.of(
                "unmask.gateway.session.key", key,
                "unmask.gateway.session.lifetime", "1h",
                "unmask.gateway.session.secure-cookie", "always"),
            "unmask.gateway.session",
            SessionProperties.class);
    ExchangeProperties exchange =
        bind(
            Map.of(
                "unmask.gateway.exchange.cache-size", "7",
                "unmask.gateway.exchange.fresh-for", "5s",
                "unmask.gateway.exchange.timeout", "1s"),
            "unmask.gateway.exchange",
            ExchangeProperties.class);

    assertThat(session.keyBytes()).hasSize(32);
    assertThat(session.lifetime()).isEqualTo(Duration.ofHours(1));
    assertThat(session.secureCookie()).isEqualTo(SessionProperties.SecureCookie.ALWAYS);
    assertThat(exchange)
        .isEqualTo(new ExchangeProperties(7, Duration.ofSeconds(5), Duration.ofSeconds(1)));
  }

  @Test
  void refusesAKeyOfTheWrongLength() {
    assertThatThrownBy(
            () ->
                bind(
                    Map.of("unmask.gateway.session.key", "c2hvcnQ="),
                    "unmask.gateway.session",
                    SessionProperties.class))
        .rootCause()
        .hasMessageContaining("unmask.gateway.session.key")
        .hasMessageContaining("32 random bytes");
  }

  private static <T> T bind(Map<String, String> values, String prefix, Class<T> type) {
    return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
  }
}
