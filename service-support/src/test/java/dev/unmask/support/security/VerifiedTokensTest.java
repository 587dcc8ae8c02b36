package dev.unmask.support.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.testing.TestTokens;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

class VerifiedTokensTest {
  private static final Instant EXPIRY = Instant.ofEpochSecond(1_000);

  private final List<String> verified = new ArrayList<>();
  private final Hand clock = new Hand(EXPIRY.minusSeconds(60));

  @Test
  void verifiesATokenOnceUntilItExpires() {
    VerifiedTokens tokens = new VerifiedTokens(this::verify, clock, 10);

    Jwt first = tokens.decode("a");
    assertThat(tokens.decode("a")).isSameAs(first);
    assertThat(verified).containsExactly("a");

    clock.now = EXPIRY;
    tokens.decode("a");
    tokens.decode("a");
    assertThat(verified).containsExactly("a", "a", "a");
  }

  @Test
  void remembersNoRefusal() {
    VerifiedTokens tokens = new VerifiedTokens(this::verify, clock, 10);

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> tokens.decode("bad")).isInstanceOf(JwtException.class);
    }

    assertThat(verified).containsExactly("bad", "bad");
  }

  @Test
  void remembersNoTokenWithoutAnExpiry() {
    JwtDecoder endless =
        token -> {
          verified.add(token);
          return Jwt.withTokenValue(token).header("alg", "ES256").subject("ann").build();
        };
    VerifiedTokens tokens = new VerifiedTokens(endless, clock, 10);

    tokens.decode("a");
    tokens.decode("a");

    assertThat(verified).containsExactly("a", "a");
  }

  @Test
  void forgetsTheLeastRecentlyUsed() {
    VerifiedTokens tokens = new VerifiedTokens(this::verify, clock, 2);

    tokens.decode("a");
    tokens.decode("b");
    tokens.decode("a");
    tokens.decode("c");
    tokens.decode("a");
    tokens.decode("b");

    assertThat(verified).containsExactly("a", "b", "c", "b");
  }

  @Test
  void takesNoTokenForAnotherThatDiffersInItsSignatureOrClaims() {
    JwtDecoder decoder = ServiceSecurity.decoder(TestTokens.keys());
    String token = TestTokens.jwt("ann", "red", "viewer");
    decoder.decode(token);
    int signature = token.lastIndexOf('.') + 1;
    char changed = token.charAt(signature) == 'A' ? 'B' : 'A';
    String forged = token.substring(0, signature) + changed + token.substring(signature + 1);
    String raised = TestTokens.jwt("ann", "red", "admin");
    String grafted = raised.substring(0, raised.lastIndexOf('.')) + token.substring(signature - 1);

    assertThatThrownBy(() -> decoder.decode(forged)).isInstanceOf(JwtException.class);
    assertThatThrownBy(() -> decoder.decode(grafted)).isInstanceOf(JwtException.class);
    assertThat(decoder.decode(token).getClaimAsString("role")).isEqualTo("viewer");
  }

  private Jwt verify(String token) {
    verified.add(token);
    if (token.equals("bad")) {
      throw new BadJwtException("bad");
    }
    return Jwt.withTokenValue(token).header("alg", "ES256").expiresAt(EXPIRY).build();
  }

  /** A clock that a test moves. */
  private static final class Hand extends Clock {
    private Instant now;

    Hand(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
