package dev.unmask.registry.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.support.error.ErrorCode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WrongTokensTest {

  @Test
  void tellsAGuesserToWaitAfterTheLimit() {
    WrongTokens wrong = new WrongTokens(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), 2);

    assertThat(wrong.refuse().code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(wrong.refuse().code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
    assertThat(wrong.refuse().code()).isEqualTo(ErrorCode.RATE_LIMITED);
  }
}
