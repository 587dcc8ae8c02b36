package dev.unmask.registry.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * API tokens revoked here whose JWTs have not run out yet: the registry stops to accept those at
 * once instead of minutes later. Kept in memory, without a question to the database for each
 * request; another replica or a restarted one goes by the JWT's end.
 */
@Component
class RevokedTokens {
  /** More than the clock skew that validators of JWTs forgive. */
  private static final Duration SKEW = Duration.ofMinutes(2);

  private final Map<String, Instant> until = new ConcurrentHashMap<>();
  private final Clock clock;
  private final Duration remembered;

  RevokedTokens(Clock clock, IdentityProperties properties) {
    this.clock = clock;
    this.remembered = properties.jwtLife().plus(SKEW);
  }

  /** Not before: a revocation that is rolled back has not happened. */
  void addAfterCommit(String tokenId) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            add(tokenId);
          }
        });
  }

  /** Also refuses the JWTs of revoked tokens. */
  JwtDecoder guarding(JwtDecoder decoder) {
    return token -> {
      Jwt jwt = decoder.decode(token);
      String id = jwt.getClaimAsString("token_id");
      if (id != null && contains(id)) {
        throw new BadJwtException("the token was revoked");
      }
      return jwt;
    };
  }

  void add(String tokenId) {
    Instant now = clock.instant();
    until.values().removeIf(end -> end.isBefore(now));
    until.put(tokenId, now.plus(remembered));
  }

  boolean contains(String tokenId) {
    Instant end = until.get(tokenId);
    return end != null && clock.instant().isBefore(end);
  }
}
