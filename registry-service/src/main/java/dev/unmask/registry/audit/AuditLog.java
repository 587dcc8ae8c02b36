package dev.unmask.registry.audit;

import dev.unmask.support.observability.RequestId;
import dev.unmask.support.security.Caller;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Written in the transaction of what it records, so neither exists without the other. */
@Component
public class AuditLog {
  private final JdbcTemplate jdbc;
  private final JsonMapper json;
  private final Clock clock;

  AuditLog(JdbcTemplate jdbc, JsonMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = json;
    this.clock = clock;
  }

  /**
   * @param action what was done, for instance {@code alias.set}
   * @param object what it was done to, by the name or id that callers use
   */
  public void record(Caller caller, String action, String object, @Nullable String details) {
    write(caller.teamId(), caller, new Change(action, object, null, null), details);
  }

  public void record(Caller caller, Change change) {
    write(caller.teamId(), caller, change, null);
  }

  /** For what a caller of one team did to another one, whose admins must see it, too. */
  public void recordFor(String teamId, Caller caller, Change change) {
    write(teamId, caller, change, null);
  }

  private void write(String teamId, Caller caller, Change change, @Nullable String details) {
    jdbc.update(
        "INSERT INTO audit_log (at, team_id, user_id, token_id, request_id, ip, action, object,"
            + " details, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)",
        Timestamp.from(clock.instant()),
        teamId,
        caller.userId(),
        caller.tokenId(),
        RequestId.current(),
        ClientAddress.current(),
        change.action(),
        change.object(),
        details,
        json(change.before()),
        json(change.after()));
  }

  private @Nullable String json(@Nullable Map<String, ?> fields) {
    return fields == null ? null : json.writeValueAsString(fields);
  }
}
