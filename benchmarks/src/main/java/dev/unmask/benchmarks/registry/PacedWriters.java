package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Samples;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients in the background that log a small batch each every now and then, like training runs, and
 * wait for the answer. How long they wait shows whether something else blocks them.
 */
final class PacedWriters implements AutoCloseable {
  private static final int CLIENTS = 4;
  private static final int METRICS = 10;
  private static final Duration PACE = Duration.ofMillis(50);

  private final ConcurrentLinkedQueue<Double> milliseconds = new ConcurrentLinkedQueue<>();
  private final AtomicInteger errors = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  PacedWriters(Session session) {
    for (int i = 0; i < CLIENTS; i++) {
      Batches run = new Batches(session.newRun("writer " + i));
      threads.add(Thread.startVirtualThread(() -> write(session.gateway(), run)));
    }
  }

  private void write(RegistryClient client, Batches run) {
    long next = System.nanoTime();
    while (!closed) {
      long start = System.nanoTime();
      try {
        if (client.mlflow("runs/log-batch", run.batch(METRICS)).ok()) {
          milliseconds.add((System.nanoTime() - start) / 1e6);
        } else {
          errors.incrementAndGet();
        }
      } catch (UncheckedIOException e) {
        errors.incrementAndGet();
      }
      // One that came late does not hurry afterwards.
      next = Math.max(next + PACE.toNanos(), System.nanoTime());
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  /**
   * Waiting times since the last call.
   *
   * @throws IllegalStateException if no batch was logged
   */
  Samples take() {
    List<Double> taken = new ArrayList<>();
    for (Double each = milliseconds.poll(); each != null; each = milliseconds.poll()) {
      taken.add(each);
    }
    if (taken.isEmpty()) {
      throw new IllegalStateException("no writer was answered; errors: " + errors.get());
    }
    return Samples.of(taken);
  }

  /** Batches that were not logged, of all times. */
  int errors() {
    return errors.get();
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
