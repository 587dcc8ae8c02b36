package dev.unmask.training.machine;

import dev.unmask.training.job.TrainingJob;
import dev.unmask.training.tracking.RunTrackingService;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Looks at the machine while a job runs, on a thread of its own, and leaves what it sees in the
 * tracking buffer, whose sender tells it in batches. Neither training nor its end waits for this.
 */
@Component
public class MachineWatch implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(MachineWatch.class);

  private final MachineProbe probe;
  private final RunTrackingService tracking;
  private final MachineProperties properties;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().name("machine-watch").daemon().unstarted(work));

  MachineWatch(
      MachineProbe probe, RunTrackingService tracking, MachineProperties properties, Clock clock) {
    this.probe = probe;
    this.tracking = tracking;
    this.properties = properties;
    this.clock = clock;
  }

  /** A watch over one job; closing it ends the watch. */
  public interface Watching extends AutoCloseable {
    @Override
    void close();
  }

  /** Begins with a first look at once. */
  public Watching over(TrainingJob job) {
    if (!properties.enabled()) {
      return () -> {};
    }
    ScheduledFuture<?> looks =
        thread.scheduleWithFixedDelay(
            () -> look(job), 0, properties.every().toMillis(), TimeUnit.MILLISECONDS);
    return () -> looks.cancel(false);
  }

  private void look(TrainingJob job) {
    try {
      Map<String, Double> values = probe.read();
      tracking.machine(job.id(), values, step(job));
    } catch (RuntimeException | LinkageError failure) {
      log.warn("the machine of job {} is not told now: {}", job.id(), failure.toString());
    }
  }

  /** Looks since the job began, so that they go on where they ended before a restart. */
  private long step(TrainingJob job) {
    Instant started = job.startedAt();
    Instant start = started == null ? job.createdAt() : started;
    return Math.max(0, (clock.millis() - start.toEpochMilli()) / properties.every().toMillis());
  }

  @Override
  public void destroy() {
    thread.shutdownNow();
  }
}
