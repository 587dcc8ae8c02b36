package dev.unmask.support.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/**
 * Verifies a token once, not with each request: a signature costs more than the rest of a short
 * request. A verified token is remembered by its SHA-256 until it expires; the least recently used
 * one makes room. Refusals are not remembered, nor tokens without an expiry.
 *
 * <p>A signing key that is withdrawn is trusted for the tokens remembered here until they expire,
 * five minutes as the registry issues them.
 */
final class VerifiedTokens implements JwtDecoder {
  private final JwtDecoder verifier;
  private final Clock clock;
  private final Map<String, Jwt> verified;

  VerifiedTokens(JwtDecoder verifier, Clock clock, int capacity) {
    this.verifier = verifier;
    this.clock = clock;
    this.verified =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Jwt> eldest) {
            return size() > capacity;
          }
        };
  }

  @Override
  public Jwt decode(String token) {
    String hash = sha256(token);
    Jwt known = get(hash);
    if (known != null) {
      return known;
    }
    Jwt fresh = verifier.decode(token);
    if (isUsable(fresh)) {
      put(hash, fresh);
    }
    return fresh;
  }

  private synchronized @Nullable Jwt get(String hash) {
    Jwt known = verified.get(hash);
    if (known != null && !isUsable(known)) {
      verified.remove(hash);
      return null;
    }
    return known;
  }

  private synchronized void put(String hash, Jwt jwt) {
    verified.put(hash, jwt);
  }

  private boolean isUsable(Jwt jwt) {
    Instant expiry = jwt.getExpiresAt();
    return expiry != null && clock.instant().isBefore(expiry);
  }

  private static String sha256(String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
