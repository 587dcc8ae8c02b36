package dev.unmask.training.progress;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.training.job.TrainingJob;
import dev.unmask.training.job.TrainingJobRepository;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Server-sent events of jobs. One query for all watched jobs at a time: watchers see the same
 * whichever process runs the job, and a restart of the worker does not end their stream.
 */
@Component
class ProgressFeed implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ProgressFeed.class);

  private final TrainingJobRepository jobs;
  private final ProgressFeedProperties properties;
  private final Set<ProgressStream> streams = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().name("progress-feed").daemon().unstarted(work));
  private volatile boolean running;

  ProgressFeed(TrainingJobRepository jobs, ProgressFeedProperties properties) {
    this.jobs = jobs;
    this.properties = properties;
  }

  /**
   * Watches a job; the current state is the first event unless the client has seen it.
   *
   * @param seen revision of the last event a reconnecting client got, -1 for none
   */
  SseEmitter watch(TrainingJob job, long seen) {
    if (streams.size() >= properties.maxStreams()) {
      throw UnmaskException.retryLater(
          ErrorCode.RATE_LIMITED,
          "too many progress streams are open ("
              + properties.maxStreams()
              + "): poll the job instead, or try again later",
          Duration.ofSeconds(10));
    }
    SseEmitter emitter = new SseEmitter(0L);
    ProgressStream stream = new ProgressStream(job.id(), emitter, seen);
    emitter.onCompletion(() -> streams.remove(stream));
    emitter.onTimeout(emitter::complete);
    emitter.onError(gone -> streams.remove(stream));
    streams.add(stream);
    poller.execute(() -> tell(stream, job));
    return emitter;
  }

  private void poll() {
    try {
      List<UUID> watched = streams.stream().map(ProgressStream::jobId).distinct().toList();
      if (!watched.isEmpty()) {
        Map<UUID, TrainingJob> current =
            jobs.find(watched).stream()
                .collect(Collectors.toMap(TrainingJob::id, Function.identity()));
        streams.forEach(stream -> tell(stream, current.get(stream.jobId())));
      }
    } catch (DataAccessException away) {
      log.warn("cannot read progress: {}", away.getMessage());
      streams.forEach(stream -> stream.keepAlive(properties.heartbeat()));
    }
  }

  private void tell(ProgressStream stream, @org.jspecify.annotations.Nullable TrainingJob job) {
    if (job == null || !stream.send(job, properties.heartbeat())) {
      stream.close();
      streams.remove(stream);
    }
  }

  @Override
  public void start() {
    running = true;
    long pause = properties.poll().toMillis();
    poller.scheduleWithFixedDelay(this::poll, pause, pause, TimeUnit.MILLISECONDS);
  }

  /** Open streams would hold up the web server's graceful shutdown, so they end before it. */
  @Override
  public void stop() {
    running = false;
    poller.shutdown();
    streams.forEach(ProgressStream::close);
    streams.clear();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
