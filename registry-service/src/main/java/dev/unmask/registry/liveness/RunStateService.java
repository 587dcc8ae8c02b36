package dev.unmask.registry.liveness;

import dev.unmask.registry.api.RunStateApi.RunState;
import dev.unmask.registry.api.RunStateApi.StaleRun;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import dev.unmask.registry.run.RunStatus;
import dev.unmask.registry.run.RunWritten;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of runs' liveness. */
@Service
class RunStateService {
  /**
   * The latest sign of a run {@code r} with its beat {@code b}. Clients give the start as they
   * like: what lies outside the years 1970 to 2100 would be beyond PostgreSQL's range.
   */
  private static final String LAST_SIGN =
      "greatest(to_timestamp(least(greatest(r.start_time, 0), 4102444800000) / 1000.0),"
          + " coalesce(b.at, '-infinity'))";

  private static final int TOLD_AT_ONCE = 500;

  private final RunService runs;
  private final JdbcTemplate jdbc;
  private final LivenessProperties properties;
  private final ApplicationEventPublisher events;
  private final Clock clock;

  RunStateService(
      RunService runs,
      JdbcTemplate jdbc,
      LivenessProperties properties,
      ApplicationEventPublisher events,
      Clock clock) {
    this.runs = runs;
    this.jdbc = jdbc;
    this.properties = properties;
    this.events = events;
    this.clock = clock;
  }

  @Transactional(readOnly = true)
  public RunState state(String teamId, String runId) {
    Run.Details details = runs.details(teamId, runId);
    Run run = details.run();
    Instant lastSign = lastSign(run);
    Long end = run.endTime();
    return new RunState(
        run.runId(),
        Long.toString(run.experiment()),
        run.name(),
        run.status().name(),
        isOpen(run.status()) && lastSign.isBefore(silentSince()),
        Instant.ofEpochMilli(run.startTime()),
        end == null ? null : Instant.ofEpochMilli(end),
        lastSign,
        RunOrigin.of(details));
  }

  public void heartbeat(String teamId, String runId) {
    events.publishEvent(new RunWritten(runs.get(teamId, runId).uid()));
  }

  /** The longest silent first. */
  @Transactional(readOnly = true)
  public List<StaleRun> stale(String teamId, int most) {
    return jdbc.query(
        "SELECT r.run_id, r.experiment_number, r.name, "
            + LAST_SIGN
            + " AS sign FROM runs r LEFT JOIN run_beats b ON b.run_uid = r.uid"
            + " WHERE r.team_id = ? AND r.lifecycle = 'active'"
            + " AND r.status IN ('RUNNING', 'SCHEDULED') AND "
            + LAST_SIGN
            + " < ? ORDER BY sign, r.run_id LIMIT ?",
        (row, number) ->
            new StaleRun(
                row.getString(1),
                Long.toString(row.getLong(2)),
                row.getString(3),
                row.getTimestamp(4).toInstant()),
        teamId,
        Timestamp.from(silentSince()),
        most);
  }

  /** Tells of silences that began since the last time, each in one replica only. */
  @Transactional
  @Scheduled(fixedDelayString = "${unmask.registry.runs.beat-every:10s}")
  public void tellSilence() {
    List<RunFellSilent> silent =
        jdbc.query(
            "WITH silent AS (SELECT r.uid, r.team_id, r.run_id, r.name, "
                + LAST_SIGN
                + " AS sign FROM runs r LEFT JOIN run_beats b ON b.run_uid = r.uid"
                + " WHERE r.lifecycle = 'active' AND r.status IN ('RUNNING', 'SCHEDULED') AND "
                + LAST_SIGN
                + " < ? AND NOT coalesce(b.told, false) ORDER BY r.uid LIMIT "
                + TOLD_AT_ONCE
                + "), told AS (INSERT INTO run_beats (run_uid, at, told)"
                + " SELECT uid, sign, true FROM silent ON CONFLICT (run_uid) DO UPDATE"
                + " SET told = true WHERE NOT run_beats.told RETURNING run_uid)"
                + " SELECT s.team_id, s.run_id, s.name, s.sign"
                + " FROM silent s JOIN told t ON t.run_uid = s.uid",
            (row, number) ->
                new RunFellSilent(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getTimestamp(4).toInstant()),
            Timestamp.from(silentSince()));
    silent.forEach(events::publishEvent);
  }

  private Instant lastSign(Run run) {
    Instant start = Instant.ofEpochMilli(run.startTime());
    return jdbc
        .query(
            "SELECT at FROM run_beats WHERE run_uid = ?",
            (row, number) -> row.getTimestamp(1).toInstant(),
            run.uid())
        .stream()
        .filter(start::isBefore)
        .findFirst()
        .orElse(start);
  }

  private Instant silentSince() {
    return clock.instant().minus(properties.staleAfter());
  }

  private static boolean isOpen(RunStatus status) {
    return status == RunStatus.RUNNING || status == RunStatus.SCHEDULED;
  }
}
