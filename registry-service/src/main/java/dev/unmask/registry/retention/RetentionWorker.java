package dev.unmask.registry.retention;

import dev.unmask.registry.experiment.ExperimentService;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Removes in the background, on one thread, with a rest after each transaction: whoever logs comes
 * first. Any number of replicas may do so at once.
 */
@Component
class RetentionWorker implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(RetentionWorker.class);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final PurgeWork purges;
  private final BlobCollector blobs;
  private final BlobSweep sweep;
  private final ExperimentService experiments;
  private final RetentionProperties properties;
  private final Clock clock;
  private final Semaphore wake = new Semaphore(0);
  private Instant nextSweep = Instant.MIN;
  private volatile boolean running;
  private @Nullable Thread thread;

  RetentionWorker(
      PurgeWork purges,
      BlobCollector blobs,
      BlobSweep sweep,
      ExperimentService experiments,
      RetentionProperties properties,
      Clock clock) {
    this.purges = purges;
    this.blobs = blobs;
    this.sweep = sweep;
    this.experiments = experiments;
    this.properties = properties;
    this.clock = clock;
  }

  /** There may be work. */
  void wake() {
    wake.release();
  }

  private void work() {
    while (running) {
      long begin = System.nanoTime();
      boolean worked = attempt();
      Duration spent = Duration.ofNanos(System.nanoTime() - begin);
      if (worked) {
        rest(spent);
      } else {
        await(properties.poll());
      }
    }
  }

  private boolean attempt() {
    try {
      return purges.step() || blobs.collect() || idleWork();
    } catch (RuntimeException failure) {
      log.warn("removal goes on later: {}", failure.getMessage());
      return false;
    }
  }

  private boolean idleWork() {
    experiments.letRunsFollow();
    if (clock.instant().isBefore(nextSweep)) {
      return false;
    }
    nextSweep = clock.instant().plus(properties.sweepEvery());
    sweep.run();
    return true;
  }

  private void rest(Duration spent) {
    double share = properties.share();
    Duration rest = Duration.ofNanos((long) (spent.toNanos() * (1 - share) / share));
    long end = System.nanoTime() + rest.toNanos();
    // Calls to wake do not shorten it, the end of the process does.
    for (long left = rest.toNanos(); running && left > 0; left = end - System.nanoTime()) {
      await(Duration.ofNanos(left));
    }
  }

  private void await(Duration most) {
    try {
      if (wake.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }

  @Override
  public void start() {
    if (!properties.enabled()) {
      return;
    }
    running = true;
    thread = Thread.ofPlatform().name("retention").daemon().start(this::work);
  }

  @Override
  public void stop() {
    running = false;
    wake.release();
    Thread worker = thread;
    if (worker == null) {
      return;
    }
    try {
      if (!worker.join(STOP)) {
        log.warn("removal did not stop in time: another process goes on when its lease ends");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
