package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Samples;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that send one request after another, each in a virtual thread.
 *
 * @param warmUpSeconds what begins in this time does not count
 * @param seconds no request begins later than this after the warming up
 * @param most requests that count, of all clients together
 */
record Load(int clients, double warmUpSeconds, double seconds, int most) {

  /** One request of the client of this number. */
  @FunctionalInterface
  interface Request {
    Reply send(int client);
  }

  /**
   * What came back.
   *
   * @param milliseconds of each answer that was no error
   * @param failed errors and broken connections
   * @param refused answers 429 and 503, after which a client waits as long as it was told to
   * @param seconds from the end of warming up to the last answer
   */
  record Outcome(Samples milliseconds, int failed, int refused, double seconds) {
    double perSecond() {
      return milliseconds.count() / seconds;
    }

    int errors() {
      return failed + refused;
    }
  }

  static Load one(RegistryScale scale) {
    return new Load(1, scale.warmUpSeconds(), scale.seconds(), scale.samples());
  }

  static Load twenty(RegistryScale scale) {
    return new Load(20, scale.warmUpSeconds(), scale.seconds(), Integer.MAX_VALUE);
  }

  /**
   * @throws IllegalStateException with the first failure, if no request was answered well
   */
  Outcome run(Request request) {
    Tally tally = new Tally(System.nanoTime() + nanos(warmUpSeconds), nanos(seconds), most);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int client = i;
      threads.add(Thread.startVirtualThread(() -> tally.repeat(request, client)));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while clients were at work", e);
    }
    return tally.outcome();
  }

  private static long nanos(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  /** Counts for all clients. */
  private static final class Tally {
    private final long start;
    private final long end;
    private final int most;
    private final ConcurrentLinkedQueue<Double> milliseconds = new ConcurrentLinkedQueue<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicReference<String> problem = new AtomicReference<>("no answer");
    private volatile long last;

    Tally(long start, long length, int most) {
      this.start = start;
      this.end = start + length;
      this.most = most;
      this.last = start;
    }

    void repeat(Request request, int client) {
      long now = System.nanoTime();
      while (now - end < 0 && (now - start < 0 || begun.incrementAndGet() <= most)) {
        once(request, client, now);
        now = System.nanoTime();
      }
    }

    private void once(Request request, int client, long begin) {
      boolean counts = begin - start >= 0;
      long wait = 0;
      try {
        Reply reply = request.send(client);
        long now = System.nanoTime();
        if (counts && reply.ok()) {
          milliseconds.add((now - begin) / 1e6);
          later(now);
        } else if (!reply.ok()) {
          problem.set(reply.problem());
          (reply.refused() ? refused : failed).addAndGet(counts ? 1 : 0);
          wait = reply.refused() ? Math.max(1, reply.retryAfter()) : 0;
        }
      } catch (UncheckedIOException | IllegalStateException e) {
        problem.set(String.valueOf(e.getMessage()));
        failed.addAndGet(counts ? 1 : 0);
      }
      if (wait > 0) {
        LockSupport.parkNanos(Math.min(TimeUnit.SECONDS.toNanos(wait), end - System.nanoTime()));
      }
    }

    private synchronized void later(long now) {
      last = Math.max(last, now);
    }

    Outcome outcome() {
      if (milliseconds.isEmpty()) {
        throw new IllegalStateException(problem.get());
      }
      return new Outcome(
          Samples.of(List.copyOf(milliseconds)), failed.get(), refused.get(), (last - start) / 1e9);
    }
  }
}
