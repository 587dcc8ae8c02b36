package dev.unmask.training.tracking;

import dev.unmask.registry.api.MlflowTrackingApi.KeyValue;
import dev.unmask.registry.api.MlflowTrackingApi.Metric;
import dev.unmask.training.job.TrainingJob;
import dev.unmask.training.job.TrainingJobRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells the registry what the buffer holds, each job's entries in order. An entry leaves the buffer
 * only after the registry took it; a crash in between repeats it, which has no effect there.
 */
@Component
class TrackingSender implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(TrackingSender.class);
  private static final int MOST_METRICS = 900;
  private static final int MOST_ENTRIES = 200;

  private final TrackingBuffer buffer;
  private final RegistryRuns registry;
  private final TrainingJobRepository jobs;
  private final TransactionTemplate transaction;
  private final TrackingProperties properties;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().name("tracking-sender").daemon().unstarted(work));
  private volatile boolean running;
  private Duration pause;

  TrackingSender(
      TrackingBuffer buffer,
      RegistryRuns registry,
      TrainingJobRepository jobs,
      TransactionTemplate transaction,
      TrackingProperties properties) {
    this.buffer = buffer;
    this.registry = registry;
    this.jobs = jobs;
    this.transaction = transaction;
    this.properties = properties;
    this.pause = properties.poll();
  }

  private void look() {
    try {
      boolean reached = true;
      for (UUID job : buffer.jobs()) {
        reached &= drain(job);
      }
      pause = reached ? properties.poll() : longer(pause);
    } catch (RuntimeException failure) {
      log.warn("cannot send tracking entries: {}", failure.getMessage());
      pause = longer(pause);
    }
    if (running) {
      thread.schedule(this::look, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private Duration longer(Duration last) {
    Duration doubled = last.multipliedBy(2);
    return doubled.compareTo(properties.longestPause()) < 0 ? doubled : properties.longestPause();
  }

  /**
   * @return false when the registry is away
   */
  private boolean drain(UUID id) {
    try (var scope = MDC.putCloseable("jobId", id.toString())) {
      Sent sent = Sent.MORE;
      while (running && sent == Sent.MORE) {
        sent = transaction.execute(ignored -> sendNext(id));
      }
      return sent != Sent.AWAY;
    }
  }

  private enum Sent {
    MORE,
    NOTHING_LEFT,
    AWAY
  }

  /** One call; its entries leave the buffer in the transaction that also keeps its result. */
  private Sent sendNext(UUID id) {
    if (!buffer.tryLock(id)) {
      return Sent.NOTHING_LEFT;
    }
    Optional<TrainingJob> job = jobs.find(id);
    List<TrackingBuffer.Stored> waiting = buffer.first(id, MOST_ENTRIES);
    if (job.isEmpty() || waiting.isEmpty()) {
      return Sent.NOTHING_LEFT;
    }
    Batch batch = Batch.of(waiting);
    try {
      send(job.get(), batch.entry());
    } catch (RuntimeException failure) {
      switch (RegistryFault.of(failure)) {
        case RegistryFault.Away away -> {
          log.info("tracking waits: {}", away.detail());
          return Sent.AWAY;
        }
        case RegistryFault.Refused refused ->
            log.error("left out {}: {}", batch.entry().getClass(), refused.detail());
      }
    }
    buffer.removeUpTo(id, batch.lastId());
    return Sent.MORE;
  }

  private void send(TrainingJob job, TrackingEntry entry) {
    String runId = job.tracked().runId();
    if (entry instanceof TrackingEntry.Begin begin) {
      RegistryRuns.Run run = registry.begin(job.teamId(), begin);
      jobs.saveRun(job.id(), run.experimentId(), run.runId());
    } else if (runId != null) {
      registry.tell(job, runId, entry);
    }
    // Otherwise the registry refused the run itself; the log says why.
  }

  /** The first entry, with the log entries right behind it as far as one call may carry. */
  private record Batch(TrackingEntry entry, long lastId) {

    static Batch of(List<TrackingBuffer.Stored> waiting) {
      TrackingBuffer.Stored first = waiting.getFirst();
      if (!(first.entry() instanceof TrackingEntry.Log start)) {
        return new Batch(first.entry(), first.id());
      }
      List<Metric> metrics = new ArrayList<>(start.metrics());
      List<KeyValue> params = new ArrayList<>(start.params());
      List<KeyValue> tags = new ArrayList<>(start.tags());
      long last = first.id();
      for (TrackingBuffer.Stored next : waiting.subList(1, waiting.size())) {
        if (!(next.entry() instanceof TrackingEntry.Log more)
            || metrics.size() + more.metrics().size() > MOST_METRICS
            || params.size() + more.params().size() > 100
            || tags.size() + more.tags().size() > 100) {
          break;
        }
        metrics.addAll(more.metrics());
        params.addAll(more.params());
        tags.addAll(more.tags());
        last = next.id();
      }
      return new Batch(new TrackingEntry.Log(metrics, params, tags), last);
    }
  }

  @Override
  public void start() {
    running = true;
    thread.execute(this::look);
  }

  @Override
  public void stop() {
    running = false;
    thread.shutdown();
    await();
  }

  private void await() {
    try {
      thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Below the worker, which still has something to say while it stops. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 100;
  }
}
