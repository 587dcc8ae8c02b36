package dev.unmask.local;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Asks again and again until there is an answer or the time is up. */
public final class Poll {
  private Poll() {}

  /**
   * @return the first answer; empty when the limit passed or the thread was interrupted
   */
  public static <T> Optional<T> until(
      Duration limit, Duration interval, Supplier<Optional<T>> question) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> answer = question.get();
      boolean over = System.nanoTime() - deadline >= 0;
      if (answer.isPresent() || over || Thread.currentThread().isInterrupted()) {
        return answer;
      }
      pause(interval);
    }
  }

  /** As above, for a yes or no. */
  public static boolean untilTrue(Duration limit, Duration interval, Supplier<Boolean> question) {
    return until(limit, interval, () -> question.get() ? Optional.of(true) : Optional.empty())
        .isPresent();
  }

  /** Waits; less when the thread is interrupted. */
  public static void pause(Duration duration) {
    LockSupport.parkNanos(duration.toNanos());
  }
}
