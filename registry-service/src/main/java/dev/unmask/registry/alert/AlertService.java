package dev.unmask.registry.alert;

import dev.unmask.registry.api.AlertsApi.AlertView;
import dev.unmask.registry.liveness.RunFellSilent;
import dev.unmask.registry.run.MetricNotFinite;
import dev.unmask.registry.run.RunEnded;
import dev.unmask.registry.run.RunStatus;
import dev.unmask.registry.webhook.EventKind;
import dev.unmask.registry.webhook.Outbox;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The use cases of alerts; what raises one runs in the transaction of its cause. */
@Service
class AlertService {
  private static final String COLUMNS =
      "id, kind, run_id, message, at, acknowledged_by, acknowledged_at";

  /** Alerts go with their runs; until they are gone, nobody sees them. */
  private static final String OF_VISIBLE_RUN =
      "NOT EXISTS (SELECT 1 FROM runs r WHERE r.run_id = a.run_id AND r.lifecycle = 'purging')";

  private final JdbcTemplate jdbc;
  private final Outbox outbox;
  private final Clock clock;

  AlertService(JdbcTemplate jdbc, Outbox outbox, Clock clock) {
    this.jdbc = jdbc;
    this.outbox = outbox;
    this.clock = clock;
  }

  @EventListener
  void on(MetricNotFinite metric) {
    String message =
        "%s of run '%s' is %s at step %d"
            .formatted(metric.key(), metric.name(), metric.value(), metric.step());
    if (raise(metric.teamId(), "metric-not-finite", metric.runId(), metric.key(), message)) {
      outbox.tell(
          metric.teamId(),
          EventKind.METRIC_NOT_FINITE,
          Map.of(
              "runId", metric.runId(),
              "name", metric.name(),
              "metric", metric.key(),
              "value", Double.toString(metric.value()),
              "step", metric.step()));
    }
  }

  @EventListener
  void on(RunEnded run) {
    if (run.status() == RunStatus.FAILED) {
      raise(run.teamId(), "run-failed", run.runId(), "", "run '" + run.name() + "' failed");
    }
  }

  @EventListener
  void on(RunFellSilent run) {
    String message = "run '%s' gave no sign of life since %s".formatted(run.name(), run.lastSign());
    raise(run.teamId(), "run-stale", run.runId(), "", message);
    outbox.tell(
        run.teamId(),
        EventKind.RUN_STALE,
        Map.of("runId", run.runId(), "name", run.name(), "lastSign", run.lastSign().toString()));
  }

  @Transactional(readOnly = true)
  public List<AlertView> list(String teamId, boolean open, @Nullable Long before, int most) {
    return jdbc.query(
        "SELECT "
            + COLUMNS
            + " FROM alerts a WHERE team_id = ? AND id < ? AND (NOT ? OR acknowledged_at IS NULL)"
            + " AND "
            + OF_VISIBLE_RUN
            + " ORDER BY id DESC LIMIT ?",
        (row, number) -> view(row),
        teamId,
        before == null ? Long.MAX_VALUE : before,
        open,
        most);
  }

  @Transactional
  public AlertView acknowledge(Caller caller, long id) {
    return jdbc
        .query(
            "UPDATE alerts a SET acknowledged_by = coalesce(acknowledged_by, ?),"
                + " acknowledged_at = coalesce(acknowledged_at, ?)"
                + " WHERE team_id = ? AND id = ? AND "
                + OF_VISIBLE_RUN
                + " RETURNING "
                + COLUMNS,
            (row, number) -> view(row),
            caller.userId(),
            Timestamp.from(clock.instant()),
            caller.teamId(),
            id)
        .stream()
        .findFirst()
        .orElseThrow(
            () -> new UnmaskException(ErrorCode.ALERT_NOT_FOUND, "there is no alert " + id));
  }

  /** Whether it is new. */
  private boolean raise(String teamId, String kind, String runId, String detail, String message) {
    return jdbc.update(
            "INSERT INTO alerts (team_id, kind, run_id, detail, message, at)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            teamId,
            kind,
            runId,
            detail,
            message,
            Timestamp.from(clock.instant()))
        == 1;
  }

  private static AlertView view(ResultSet row) throws SQLException {
    return new AlertView(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getTimestamp(5).toInstant(),
        row.getString(6),
        instant(row.getTimestamp(7)));
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }
}
