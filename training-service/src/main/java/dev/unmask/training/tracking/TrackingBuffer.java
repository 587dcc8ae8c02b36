package dev.unmask.training.tracking;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the registry has not been told yet, in PostgreSQL: survives its outages and our restarts.
 */
@Repository
class TrackingBuffer {
  private static final Logger log = LoggerFactory.getLogger(TrackingBuffer.class);

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final TrackingProperties properties;
  private final AtomicBoolean full = new AtomicBoolean();

  TrackingBuffer(JdbcClient jdbc, JsonMapper json, TrackingProperties properties) {
    this.jdbc = jdbc;
    this.json = json;
    this.properties = properties;
  }

  /**
   * @param id position among the entries
   */
  record Stored(long id, TrackingEntry entry) {}

  /** Adds an entry in the caller's transaction. */
  void add(UUID job, TrackingEntry entry) {
    jdbc.sql(
            """
            insert into tracking_entry (job_id, kind, payload, created_at)
            values (?, ?, cast(? as jsonb), now())""")
        .param(job)
        .param(entry.getClass().getSimpleName())
        .param(json.writerFor(TrackingEntry.class).writeValueAsString(entry))
        .update();
  }

  /**
   * Whether metric points may be added; a full buffer loses points of the curve rather than stop
   * training or fill the disk.
   */
  boolean hasRoom() {
    boolean room = size() < properties.capacity();
    if (room == full.get()) {
      full.set(!room);
      log.warn(
          room
              ? "the tracking buffer has room again"
              : "the tracking buffer is full ({} entries): metric points are left out",
          properties.capacity());
    }
    return room;
  }

  long size() {
    return jdbc.sql("select count(*) from tracking_entry").query(Long.class).single();
  }

  /** Jobs with something to tell, the longest waiting first. */
  List<UUID> jobs() {
    return jdbc.sql("select job_id from tracking_entry group by job_id order by min(id) limit 100")
        .query((row, number) -> row.getObject(1, UUID.class))
        .list();
  }

  boolean isEmpty(UUID job) {
    return jdbc.sql("select not exists (select 1 from tracking_entry where job_id = ?)")
        .param(job)
        .query(Boolean.class)
        .single();
  }

  /** Keeps other senders from this job's entries until the transaction ends. */
  boolean tryLock(UUID job) {
    return jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended(?, 1))")
        .param(job.toString())
        .query(Boolean.class)
        .single();
  }

  List<Stored> first(UUID job, int atMost) {
    return jdbc.sql("select id, payload from tracking_entry where job_id = ? order by id limit ?")
        .param(job)
        .param(atMost)
        .query(
            (row, number) ->
                new Stored(
                    row.getLong("id"),
                    json.readValue(row.getString("payload"), TrackingEntry.class)))
        .list();
  }

  void removeUpTo(UUID job, long id) {
    jdbc.sql("delete from tracking_entry where job_id = ? and id <= ?")
        .param(job)
        .param(id)
        .update();
  }
}
