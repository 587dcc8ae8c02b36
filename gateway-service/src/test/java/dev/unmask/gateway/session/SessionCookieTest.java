package dev.unmask.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseCookie;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class SessionCookieTest {
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ApiToken TOKEN = ApiToken.of("umk_0123456789abcdefghij").orElseThrow();

  @Test
  void opensAtAnotherGatewayWithTheSameKeyOnly() {
    String value = at(NOW, KEY).seal(TOKEN, MockServerHttpRequest.get("/").build()).getValue();

    assertThat(at(NOW, KEY).open(value)).contains(TOKEN);
    assertThat(at(NOW, null).open(value)).isEmpty();
  }

  @Test
  void endsAfterItsLifetimeWhateverTheBrowserKeeps() {
    String value = at(NOW, KEY).seal(TOKEN, MockServerHttpRequest.get("/").build()).getValue();

    assertThat(at(NOW.plus(Duration.ofMinutes(59)), KEY).open(value)).isPresent();
    assertThat(at(NOW.plus(Duration.ofMinutes(61)), KEY).open(value)).isEmpty();
  }

  @Test
  void neverSealsTheSameTokenToTheSameValue() {
    SessionCookie cookie = at(NOW, KEY);

    assertThat(cookie.seal(TOKEN, MockServerHttpRequest.get("/").build()).getValue())
        .isNotEqualTo(cookie.seal(TOKEN, MockServerHttpRequest.get("/").build()).getValue());
  }

  @Test
  void isSecureOverHttps() {
    ResponseCookie cookie =
        at(NOW, KEY).seal(TOKEN, MockServerHttpRequest.get("https://unmask.example/").build());

    assertThat(cookie.isSecure()).isTrue();
    assertThat(cookie.isHttpOnly()).isTrue();
    assertThat(cookie.getSameSite()).isEqualTo("Strict");
  }

  private static SessionCookie at(Instant now, @Nullable String key) {
    return new SessionCookie(
        new SessionProperties(key, Duration.ofHours(1), SessionProperties.SecureCookie.AUTO),
        Clock.fixed(now, ZoneOffset.UTC));
  }
}
