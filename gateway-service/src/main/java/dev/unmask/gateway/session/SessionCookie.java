package dev.unmask.gateway.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * The sign-in of a browser without a session store: the cookie is the API token and an expiry,
 * sealed with AES-256-GCM. A stolen cookie jar therefore holds no token that works elsewhere, and a
 * cookie nobody sealed opens to nothing.
 */
@Component
class SessionCookie {
  static final String NAME = "unmask_session";

  private static final byte[] CONTEXT = "unmask session 1".getBytes(StandardCharsets.US_ASCII);
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int LONGEST = 2048;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;
  private final SessionProperties properties;
  private final Clock clock;

  SessionCookie(SessionProperties properties, Clock clock) {
    this.properties = properties;
    this.clock = clock;
    byte[] configured = properties.keyBytes();
    this.key = new SecretKeySpec(configured == null ? randomKey() : configured, "AES");
  }

  ResponseCookie seal(ApiToken token, ServerHttpRequest request) {
    Instant expiry = clock.instant().plus(properties.lifetime());
    byte[] secret = token.secret().getBytes(StandardCharsets.US_ASCII);
    byte[] plain =
        ByteBuffer.allocate(Long.BYTES + secret.length)
            .putLong(expiry.toEpochMilli())
            .put(secret)
            .array();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, plain, 0, plain.length);
    byte[] value = ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
    String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    return cookie(encoded, properties.lifetime(), request);
  }

  ResponseCookie expired(ServerHttpRequest request) {
    return cookie("", Duration.ZERO, request);
  }

  /** The token inside, unless the value is damaged, forged, of another key or too old. */
  Optional<ApiToken> open(String value) {
    try {
      byte[] bytes = value.length() > LONGEST ? new byte[0] : Base64.getUrlDecoder().decode(value);
      if (bytes.length <= NONCE_BYTES) {
        return Optional.empty();
      }
      byte[] nonce = java.util.Arrays.copyOf(bytes, NONCE_BYTES);
      ByteBuffer plain =
          ByteBuffer.wrap(
              crypt(Cipher.DECRYPT_MODE, nonce, bytes, NONCE_BYTES, bytes.length - NONCE_BYTES));
      if (plain.getLong() <= clock.millis()) {
        return Optional.empty();
      }
      return ApiToken.of(StandardCharsets.US_ASCII.decode(plain).toString());
    } catch (IllegalArgumentException | IllegalStateException forged) {
      return Optional.empty();
    }
  }

  private ResponseCookie cookie(String value, Duration age, ServerHttpRequest request) {
    boolean secure =
        properties.secureCookie() == SessionProperties.SecureCookie.ALWAYS
            || "https".equals(request.getURI().getScheme());
    return ResponseCookie.from(NAME, value)
        .httpOnly(true)
        .secure(secure)
        .sameSite("Strict")
        .path("/")
        .maxAge(age)
        .build();
  }

  private byte[] crypt(int mode, byte[] nonce, byte[] bytes, int offset, int length) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(CONTEXT);
      return cipher.doFinal(bytes, offset, length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the session cookie cannot be sealed or opened", e);
    }
  }

  private byte[] randomKey() {
    byte[] bytes = new byte[SessionProperties.KEY_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }
}
