package dev.unmask.training.job;

import dev.unmask.training.api.JobProgress;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Rows of {@code job}: what callers and the pipeline read and write of one job. */
@Repository
public class TrainingJobRepository {
  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JobRows rows;

  TrainingJobRepository(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
    this.rows = new JobRows(json);
  }

  void insert(TrainingJob job) {
    jdbc.sql(
            """
            insert into job (id, team_id, created_by, request_id, name, experiment, corpus_id,
              corpus_sha256, status, spec, progress, created_at, queued_at)
            values (:id, :team, :by, :request, :name, :experiment, :corpus, :sha256, :status,
              cast(:spec as jsonb), cast(:progress as jsonb), :created, now())""")
        .param("id", job.id())
        .param("team", job.teamId())
        .param("by", job.createdBy())
        .param("request", job.requestId())
        .param("name", job.name())
        .param("experiment", job.experiment())
        .param("corpus", job.corpusId())
        .param("sha256", job.corpusSha256())
        .param("status", job.status().name())
        .param("spec", json.writeValueAsString(job.spec()))
        .param("progress", json.writeValueAsString(job.progress()))
        .param("created", Timestamp.from(job.createdAt()))
        .update();
  }

  List<TrainingJob> ofTeam(String team) {
    return jdbc.sql("select * from job where team_id = ? order by created_at desc, id limit 500")
        .param(team)
        .query(rows)
        .list();
  }

  public Optional<TrainingJob> find(String team, UUID id) {
    return jdbc.sql("select * from job where team_id = ? and id = ?")
        .param(team)
        .param(id)
        .query(rows)
        .optional();
  }

  public Optional<TrainingJob> find(UUID id) {
    return jdbc.sql("select * from job where id = ?").param(id).query(rows).optional();
  }

  /** For watchers: the jobs among these that exist. */
  public List<TrainingJob> find(Collection<UUID> ids) {
    return jdbc.sql("select * from job where id = any(?)")
        .param(ids.toArray(UUID[]::new))
        .query(rows)
        .list();
  }

  public void saveProgress(JobProgress progress) {
    jdbc.sql(
            """
            update job set progress = cast(? as jsonb), progress_revision = progress_revision + 1
            where id = ?""")
        .param(json.writeValueAsString(progress))
        .param(UUID.fromString(progress.jobId()))
        .update();
  }

  /** Fixes the plan; a second call changes nothing, so that a resumed job keeps its first plan. */
  public void savePhaseSteps(UUID id, List<Integer> steps) {
    jdbc.sql("update job set phase_steps = ? where id = ? and phase_steps is null")
        .param(steps.toArray(Integer[]::new))
        .param(id)
        .update();
  }

  public void saveRun(UUID id, String experimentId, String runId) {
    jdbc.sql(
            """
            update job set experiment_id = ?, run_id = ?,
              progress_revision = progress_revision + 1 where id = ?""")
        .param(experimentId)
        .param(runId)
        .param(id)
        .update();
  }

  public void saveVersion(UUID id, int version) {
    jdbc.sql("update job set registered_version = ? where id = ?")
        .param(version)
        .param(id)
        .update();
  }

  /**
   * Claims the metrics of optimizer steps up to {@code step}, once.
   *
   * @return false when they were claimed before
   */
  public boolean advanceTracked(UUID id, long step) {
    return jdbc.sql("update job set tracked_step = :step where id = :id and tracked_step < :step")
            .param("step", step)
            .param("id", id)
            .update()
        == 1;
  }
}
