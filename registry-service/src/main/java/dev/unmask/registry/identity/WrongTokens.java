package dev.unmask.registry.identity;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.time.Clock;
import java.time.Duration;

/**
 * Counts exchanges of wrong tokens. Guessing 256 bits is hopeless anyway; the limit keeps a guesser
 * from filling logs and the database's time. Good tokens are never slowed down: everybody comes
 * through the gateway's address, so a lock-out by address would lock out all.
 */
final class WrongTokens {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final Clock clock;
  private final int limit;
  private long window;
  private int count;

  WrongTokens(Clock clock, int limit) {
    this.clock = clock;
    this.limit = limit;
  }

  /** The answer to one more wrong token. */
  synchronized UnmaskException refuse() {
    long now = clock.millis() / WINDOW.toMillis();
    if (now != window) {
      window = now;
      count = 0;
    }
    if (++count > limit) {
      return UnmaskException.retryLater(
          ErrorCode.RATE_LIMITED, "too many wrong tokens, try again in a minute", WINDOW);
    }
    return new UnmaskException(
        ErrorCode.UNAUTHENTICATED, "the API token is unknown, revoked or expired");
  }
}
