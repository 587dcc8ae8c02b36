package dev.unmask.system;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition, with a deadline whose message says what was waited for. */
final class Eventually {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private Eventually() {}

  static <T> T get(String what, Duration limit, Supplier<Optional<T>> question) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> answer = question.get();
      if (answer.isPresent()) {
        return answer.get();
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + limit + ": " + what);
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }

  static void isTrue(String what, Duration limit, Supplier<Boolean> question) {
    get(what, limit, () -> question.get() ? Optional.of(true) : Optional.empty());
  }
}
