package dev.unmask.training.job;

import dev.unmask.training.api.JobProgress;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobView;
import dev.unmask.training.api.SubmitJob;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as stored.
 *
 * @param requestId of the submission, so that a job's log lines lead back to it
 * @param phaseSteps optimizer steps of each phase; null until training begins
 * @param progressRevision grows with every change that a watcher should see
 * @param trackedStep metrics up to this optimizer step are on their way to the registry
 */
public record TrainingJob(
    UUID id,
    String teamId,
    String createdBy,
    @Nullable String requestId,
    String name,
    String experiment,
    UUID corpusId,
    String corpusSha256,
    JobStatus status,
    SubmitJob spec,
    @Nullable List<Integer> phaseSteps,
    JobProgress progress,
    long progressRevision,
    long trackedStep,
    Tracked tracked,
    JobView.@Nullable Failure failure,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt) {

  /** What the registry knows of the job. */
  public record Tracked(
      @Nullable String experimentId, @Nullable String runId, @Nullable Integer registeredVersion) {}

  /** As callers see it. */
  public JobView view() {
    return new JobView(
        id.toString(),
        name,
        status,
        spec,
        corpusId.toString(),
        experiment,
        tracked.runId(),
        progress,
        tracked.registeredVersion(),
        failure,
        createdAt,
        startedAt,
        endedAt);
  }
}
