package dev.unmask.training.job;

import dev.unmask.training.api.JobStatus;
import dev.unmask.training.api.JobView;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * The queue and its leases. A worker owns a job while its lease holds; every change that a worker
 * makes names the owner, so one that lost its lease changes nothing. All times are the database's.
 */
@Repository
public class JobQueue {
  private final JdbcClient jdbc;
  private final JobRows rows;

  JobQueue(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.rows = new JobRows(json);
  }

  /** Serialises submissions until the transaction ends, so that the bound holds. */
  void lockForSubmission() {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended('unmask.training.queue', 0))")
        .query((row, n) -> n)
        .list();
  }

  public int queued() {
    return count("status = 'QUEUED'");
  }

  int running() {
    return count("status in ('RUNNING', 'STOPPING')");
  }

  private int count(String condition) {
    return jdbc.sql("select count(*) from job where " + condition).query(Integer.class).single();
  }

  /**
   * Takes the next job: first one that this worker held when it died or whose lease ran out, then
   * the one that waits longest. A worker calls it only while it works on nothing.
   */
  public Optional<TrainingJob> claim(String worker, Duration lease) {
    return jdbc.sql(
            """
            update job set lease_owner = :worker, lease_until = now() + :lease * interval '1 ms',
              started_at = coalesce(started_at, now()),
              status = case when status = 'STOPPING' then status else 'RUNNING' end,
              progress_revision = progress_revision + 1
            where id = (
              select id from job
              where status = 'QUEUED' or (status in ('RUNNING', 'STOPPING')
                and (lease_owner = :worker or lease_until < now()))
              order by status = 'QUEUED', queued_at limit 1 for update skip locked)
            returning *""")
        .param("worker", worker)
        .param("lease", lease.toMillis())
        .query(rows)
        .optional();
  }

  /**
   * Heartbeat.
   *
   * @return the job's status, empty when the lease is lost
   */
  public Optional<JobStatus> renew(UUID id, String worker, Duration lease) {
    return jdbc.sql(
            """
            update job set lease_until = now() + :lease * interval '1 ms'
            where id = :id and lease_owner = :worker and status in ('RUNNING', 'STOPPING')
            returning status""")
        .param("worker", worker)
        .param("lease", lease.toMillis())
        .param("id", id)
        .query(String.class)
        .optional()
        .map(JobStatus::valueOf);
  }

  /** Puts a job back where it was in the queue, or ends it when someone asked it to stop. */
  public void release(UUID id, String worker) {
    jdbc.sql(
            """
            update job set lease_owner = null, lease_until = null,
              ended_at = case when status = 'STOPPING' then now() end,
              status = case when status = 'STOPPING' then 'STOPPED' else 'QUEUED' end,
              progress_revision = progress_revision + 1
            where id = :id and lease_owner = :worker""")
        .param("id", id)
        .param("worker", worker)
        .update();
  }

  /** Ends a job. */
  public void end(UUID id, String worker, JobStatus status, JobView.@Nullable Failure failure) {
    jdbc.sql(
            """
            update job set status = :status, lease_owner = null, lease_until = null,
              ended_at = now(), failure_code = :code, failure_detail = :detail,
              failure_remedy = :remedy, progress_revision = progress_revision + 1
            where id = :id and lease_owner = :worker""")
        .param("status", status.name())
        .param("code", failure == null ? null : failure.code())
        .param("detail", failure == null ? null : failure.detail())
        .param("remedy", failure == null ? null : failure.remedy())
        .param("id", id)
        .param("worker", worker)
        .update();
  }

  /**
   * Asks a job to stop; one that only waits is stopped at once.
   *
   * @return false when it has ended already
   */
  boolean requestStop(UUID id) {
    return jdbc.sql(
                """
                update job set
                  ended_at = case when status = 'QUEUED' then now() end,
                  status = case when status = 'QUEUED' then 'STOPPED' else 'STOPPING' end,
                  progress_revision = progress_revision + 1
                where id = ? and status in ('QUEUED', 'RUNNING', 'STOPPING')""")
            .param(id)
            .update()
        == 1;
  }

  /**
   * Queues a stopped or failed job again, behind the others.
   *
   * @return false when it is in another state
   */
  boolean requeue(UUID id) {
    return jdbc.sql(
                """
                update job set status = 'QUEUED', queued_at = now(), ended_at = null,
                  failure_code = null, failure_detail = null, failure_remedy = null,
                  progress_revision = progress_revision + 1
                where id = ? and status in ('STOPPED', 'FAILED')""")
            .param(id)
            .update()
        == 1;
  }
}
