package dev.unmask.gateway.session;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The dashboard's sign-in cookie.
 *
 * @param key base64 of 32 random bytes that seal the cookie; without one a key is drawn at every
 *     start, which signs everybody out
 * @param lifetime how long a sign-in lasts
 * @param secureCookie AUTO marks the cookie Secure when the request came by https; ALWAYS is for a
 *     gateway behind a proxy that ends TLS
 */
@Validated
@ConfigurationProperties("unmask.gateway.session")
record SessionProperties(
    @Nullable String key,
    @DefaultValue("12h") @NotNull Duration lifetime,
    @DefaultValue("AUTO") @NotNull SecureCookie secureCookie) {

  static final int KEY_BYTES = 32;

  SessionProperties {
    if (key != null && !key.isBlank() && decode(key).length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "unmask.gateway.session.key must be the base64 of 32 random bytes, was of "
              + decode(key).length);
    }
    if (lifetime.isNegative() || lifetime.isZero()) {
      throw new IllegalArgumentException(
          "unmask.gateway.session.lifetime must be positive, was " + lifetime);
    }
  }

  byte @Nullable [] keyBytes() {
    return key == null || key.isBlank() ? null : decode(key);
  }

  private static byte[] decode(String key) {
    try {
      return Base64.getDecoder().decode(key.strip());
    } catch (IllegalArgumentException notBase64) {
      throw new IllegalArgumentException(
          "unmask.gateway.session.key must be the base64 of 32 random bytes", notBase64);
    }
  }

  enum SecureCookie {
    AUTO,
    ALWAYS
  }
}
