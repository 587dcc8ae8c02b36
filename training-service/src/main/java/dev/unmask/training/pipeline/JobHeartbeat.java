package dev.unmask.training.pipeline;

import dev.unmask.training.api.JobStatus;
import dev.unmask.training.job.JobQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Keeps the lease of the running job, and learns from it when someone asked the job to stop. */
@Component
class JobHeartbeat implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(JobHeartbeat.class);

  private final JobQueue queue;
  private final CurrentJob current;
  private final WorkerIdentity worker;
  private final Duration lease;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().name("training-heartbeat").daemon().unstarted(work));
  private volatile long lastBeat = System.nanoTime();

  JobHeartbeat(
      JobQueue queue, CurrentJob current, WorkerIdentity worker, WorkerProperties properties) {
    this.queue = queue;
    this.current = current;
    this.worker = worker;
    this.lease = properties.lease();
    long period = Math.clamp(lease.toMillis() / 6, 20, 5_000);
    thread.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.MILLISECONDS);
  }

  /** Called when a lease was just taken. */
  void begin() {
    lastBeat = System.nanoTime();
  }

  /**
   * Before something is written that another worker would read.
   *
   * @return whether the job is still this worker's
   */
  boolean renew(RunningJob job) {
    Optional<JobStatus> status = queue.renew(job.id(), worker.id(), lease);
    if (status.isEmpty()) {
      log.warn("lost the lease of job {}: stopping", job.id());
      job.ask(RunningJob.Stop.LEASE_LOST);
      return false;
    }
    lastBeat = System.nanoTime();
    if (status.get() == JobStatus.STOPPING) {
      job.ask(RunningJob.Stop.REQUESTED);
    }
    return true;
  }

  private void beat() {
    RunningJob job = current.peek();
    if (job == null) {
      return;
    }
    try {
      renew(job);
    } catch (RuntimeException away) {
      log.warn("cannot renew the lease of job {}: {}", job.id(), away.getMessage());
      if (System.nanoTime() - lastBeat > lease.toNanos()) {
        job.ask(RunningJob.Stop.LEASE_LOST);
      }
    }
  }

  @Override
  public void destroy() {
    thread.shutdownNow();
  }
}
