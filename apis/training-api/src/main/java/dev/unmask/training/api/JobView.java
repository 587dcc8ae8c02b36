package dev.unmask.training.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A training job.
 *
 * @param spec as submitted, with every default filled in
 * @param corpusId the corpus that {@code spec.corpus} named at submission
 * @param experiment name of the experiment that its run belongs to
 * @param runId the tracked run; null until the registry has created it
 * @param registeredVersion version of {@code spec.register.model} that this job created
 * @param failure why it failed and what helps; null unless it FAILED
 */
public record JobView(
    String id,
    String name,
    JobStatus status,
    SubmitJob spec,
    String corpusId,
    String experiment,
    @Nullable String runId,
    JobProgress progress,
    @Nullable Integer registeredVersion,
    @Nullable Failure failure,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt) {

  /**
   * @param code stable, for programs
   * @param detail what happened
   * @param remedy what to do about it
   */
  public record Failure(String code, String detail, String remedy) {}
}
