package dev.unmask.training.pipeline;

import dev.unmask.support.observability.RequestId;
import dev.unmask.training.TrainingProperties;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.job.JobQueue;
import dev.unmask.training.job.JobQueued;
import dev.unmask.training.job.TrainingJob;
import dev.unmask.training.machine.MachineWatch;
import dev.unmask.training.tracking.RunTrackingService;
import dev.unmask.training.tracking.RunTrackingService.RunState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Takes jobs from the queue and runs them, one at a time, on the compute thread. It stops before
 * everything else of the application: after a plain SIGTERM Spring Batch would leave the execution
 * marked as running.
 */
@Component
class JobWorker implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(JobWorker.class);

  private final JobQueue queue;
  private final Parts parts;
  private final WorkerProperties properties;
  private final TrainingProperties training;
  private final Semaphore wake = new Semaphore(0);
  private volatile boolean running;
  private @Nullable Thread thread;

  /** What a worker works with. */
  @Component
  record Parts(
      BatchRuns batch,
      CurrentJob current,
      JobHeartbeat heartbeat,
      WorkerIdentity identity,
      RunTrackingService tracking,
      MachineWatch machine) {}

  JobWorker(JobQueue queue, Parts parts, WorkerProperties properties, TrainingProperties training) {
    this.queue = queue;
    this.parts = parts;
    this.properties = properties;
    this.training = training;
  }

  private void work() {
    while (running) {
      try {
        Optional<TrainingJob> job = queue.claim(parts.identity().id(), properties.lease());
        if (job.isPresent()) {
          parts.heartbeat().begin();
          run(job.get());
        } else {
          pause();
        }
      } catch (RuntimeException failure) {
        log.warn("the job queue is not available: {}", failure.getMessage());
        pause();
      }
    }
  }

  private void pause() {
    try {
      if (wake.tryAcquire(properties.poll().toMillis(), TimeUnit.MILLISECONDS)) {
        wake.drainPermits();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }

  private void run(TrainingJob job) {
    RunningJob mine =
        new RunningJob(
            job, new JobDirectory(training.dataDirectory().resolve("jobs").resolve(job.id() + "")));
    MDC.put("jobId", job.id().toString());
    if (job.requestId() != null) {
      MDC.put(RequestId.MDC_KEY, job.requestId());
    }
    parts.current().begin(mine);
    try {
      if (!running) {
        mine.ask(RunningJob.Stop.SHUTDOWN);
      }
      if (job.status() == JobStatus.STOPPING) {
        stopped(mine);
      } else {
        execute(mine);
      }
    } finally {
      parts.current().end();
      MDC.remove("jobId");
      MDC.remove(RequestId.MDC_KEY);
    }
  }

  private void execute(RunningJob mine) {
    log.info("job {} begins or goes on", mine.id());
    parts.tracking().begin(mine.job());
    // Only now: what is told of a run comes behind its beginning.
    try (MachineWatch.Watching watching = parts.machine().over(mine.job())) {
      conclude(mine, parts.batch().run(mine.id()));
    } catch (Exception failure) {
      log.error("job {} could not be run", mine.id(), failure);
      failed(mine, List.of(failure));
    }
  }

  private void conclude(RunningJob mine, JobExecution execution) {
    BatchStatus status = execution.getStatus();
    log.info("job {} ended as {} ({})", mine.id(), status, mine.stop());
    if (mine.stop() == RunningJob.Stop.LEASE_LOST) {
      return;
    }
    switch (status) {
      case COMPLETED -> completed(mine);
      case STOPPED -> {
        if (mine.stop() == RunningJob.Stop.SHUTDOWN) {
          queue.release(mine.id(), parts.identity().id());
        } else {
          stopped(mine);
        }
      }
      default -> failed(mine, execution.getAllFailureExceptions());
    }
  }

  private void completed(RunningJob mine) {
    parts.tracking().ended(mine.id(), RunState.FINISHED);
    queue.end(mine.id(), parts.identity().id(), JobStatus.COMPLETED, null);
    // The registry has the model; nothing goes on from here.
    mine.files().delete();
  }

  private void stopped(RunningJob mine) {
    parts.tracking().ended(mine.id(), RunState.KILLED);
    queue.end(mine.id(), parts.identity().id(), JobStatus.STOPPED, null);
  }

  private void failed(RunningJob mine, List<Throwable> failures) {
    if (JobFailures.databaseAway(failures)) {
      log.warn("the database went away under job {}: it goes on when it is back", mine.id());
      pause();
      return;
    }
    parts.tracking().ended(mine.id(), RunState.FAILED);
    queue.end(mine.id(), parts.identity().id(), JobStatus.FAILED, JobFailures.describe(failures));
  }

  @EventListener
  void onQueued(JobQueued queued) {
    wake.release();
  }

  @Override
  public void start() {
    if (!properties.enabled()) {
      return;
    }
    running = true;
    // Deep enough for the library's recursive parsers, and never the common pool: one compute
    // thread a process.
    thread = Thread.ofPlatform().name("training-compute").daemon().start(this::work);
  }

  @Override
  public void stop() {
    running = false;
    wake.release();
    RunningJob job = parts.current().peek();
    if (job != null) {
      job.ask(RunningJob.Stop.SHUTDOWN);
    }
    Thread compute = thread;
    if (compute != null) {
      join(compute);
    }
  }

  private void join(Thread compute) {
    try {
      if (!compute.join(properties.stopTimeout())) {
        log.warn("the running job did not stop in time: it is recovered at the next start");
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
