package dev.unmask.training.pipeline;

import dev.unmask.training.job.TrainingJob;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.batch.core.job.JobInterruptedException;

/** The job that this process works on, and whether it should stop; asked between small units. */
final class RunningJob {

  /** Why to stop. */
  enum Stop {
    NO,
    /** Its owner asked. */
    REQUESTED,
    /** The process ends; the job goes on at the next start. */
    SHUTDOWN,
    /** Another worker may have the job: nothing may be written any more. */
    LEASE_LOST
  }

  private final TrainingJob job;
  private final JobDirectory files;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicReference<Stop> stop = new AtomicReference<>(Stop.NO);

  RunningJob(TrainingJob job, JobDirectory files) {
    this.job = job;
    this.files = files;
  }

  /** As it was when this worker took it. */
  TrainingJob job() {
    return job;
  }

  UUID id() {
    return job.id();
  }

  JobDirectory files() {
    return files;
  }

  Stop stop() {
    return stop.get();
  }

  boolean stopping() {
    return stop.get() != Stop.NO;
  }

  /** The first reason stands, except that a lost lease overrides every other. */
  void ask(Stop reason) {
    if (reason == Stop.LEASE_LOST) {
      stop.set(reason);
    } else {
      stop.compareAndSet(Stop.NO, reason);
    }
    asked.countDown();
  }

  /** Waits, unless the job is asked to stop. */
  void pause(Duration time) throws JobInterruptedException {
    try {
      if (asked.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        check();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new JobInterruptedException("interrupted");
    }
  }

  /** For places where nothing has to be saved first. */
  void check() throws JobInterruptedException {
    if (stopping()) {
      throw new JobInterruptedException("stopped: " + stop.get());
    }
  }
}
