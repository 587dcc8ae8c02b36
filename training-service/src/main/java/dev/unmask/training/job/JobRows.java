package dev.unmask.training.job;

import dev.unmask.training.api.JobProgress;
import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobView;
import dev.unmask.training.api.SubmitJob;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import tools.jackson.databind.json.JsonMapper;

/** Reads rows of {@code job}. */
final class JobRows implements RowMapper<TrainingJob> {
  private final JsonMapper json;

  JobRows(JsonMapper json) {
    this.json = json;
  }

  @Override
  public TrainingJob mapRow(ResultSet row, int number) throws SQLException {
    JobStatus status = JobStatus.valueOf(row.getString("status"));
    return new TrainingJob(
        row.getObject("id", UUID.class),
        row.getString("team_id"),
        row.getString("created_by"),
        row.getString("request_id"),
        row.getString("name"),
        row.getString("experiment"),
        row.getObject("corpus_id", UUID.class),
        row.getString("corpus_sha256"),
        status,
        json.readValue(row.getString("spec"), SubmitJob.class),
        steps(row.getArray("phase_steps")),
        progress(row, status),
        row.getLong("progress_revision"),
        row.getLong("tracked_step"),
        new TrainingJob.Tracked(
            row.getString("experiment_id"),
            row.getString("run_id"),
            row.getObject("registered_version", Integer.class)),
        failure(row),
        row.getTimestamp("created_at").toInstant(),
        instant(row.getTimestamp("started_at")),
        instant(row.getTimestamp("ended_at")));
  }

  /** The row's status wins: progress is written less often than the status changes. */
  private JobProgress progress(ResultSet row, JobStatus status) throws SQLException {
    JobProgress stored = json.readValue(row.getString("progress"), JobProgress.class);
    String failure = row.getString("failure_detail");
    return new JobProgress(
        stored.jobId(),
        status,
        stored.step(),
        stored.phase(),
        stored.method(),
        stored.optimizerStep(),
        stored.totalSteps(),
        stored.loss(),
        stored.validation(),
        stored.bitsPerByte(),
        stored.tokensPerSecond(),
        status.ended() ? null : stored.secondsLeft(),
        status == JobStatus.COMPLETED ? 100 : stored.percent(),
        detail(status, failure, stored));
  }

  private static JobView.@Nullable Failure failure(ResultSet row) throws SQLException {
    String code = row.getString("failure_code");
    return code == null
        ? null
        : new JobView.Failure(
            code, row.getString("failure_detail"), row.getString("failure_remedy"));
  }

  private static @Nullable List<Integer> steps(@Nullable Array steps) throws SQLException {
    return steps == null ? null : List.of((Integer[]) steps.getArray());
  }

  private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }

  /** What a stopped job waited for is over; a completed one may have something left to say. */
  private static @Nullable String detail(
      JobStatus status, @Nullable String failure, JobProgress stored) {
    return switch (status) {
      case FAILED -> failure;
      case STOPPED -> null;
      default -> stored.detail();
    };
  }
}
