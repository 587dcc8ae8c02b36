package dev.unmask.training.pipeline;

import dev.unmask.training.job.StopRequested;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Where the Batch steps find the job that runs: one compute thread, so one job a process. */
@Component
class CurrentJob {
  private volatile @Nullable RunningJob running;

  void begin(RunningJob job) {
    running = job;
  }

  void end() {
    running = null;
  }

  @Nullable RunningJob peek() {
    return running;
  }

  RunningJob get() {
    RunningJob job = running;
    if (job == null) {
      throw new IllegalStateException("no job is running in this process");
    }
    return job;
  }

  /** Stops at once what runs here; a job of another process learns it by its heartbeat. */
  @EventListener
  void onStop(StopRequested request) {
    RunningJob job = running;
    if (job != null && job.id().equals(request.jobId())) {
      job.ask(RunningJob.Stop.REQUESTED);
    }
  }
}
