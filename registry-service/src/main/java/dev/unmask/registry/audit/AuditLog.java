package dev.unmask.registry.audit;

import dev.unmask.support.observability.RequestId;
import dev.unmask.support.security.Caller;
import java.sql.Timestamp;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Written in the transaction of what it records, so neither exists without the other. */
@Component
public class AuditLog {
  private final JdbcTemplate jdbc;
  private final Clock clock;

  AuditLog(JdbcTemplate jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * @param action what was done, for instance {@code alias.set}
   * @param object what it was done to, by the name or id that callers use
   */
  public void record(Caller caller, String action, String object, @Nullable String details) {
    jdbc.update(
        "INSERT INTO audit_log"
            + " (at, team_id, user_id, token_id, request_id, action, object, details)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        Timestamp.from(clock.instant()),
        caller.teamId(),
        caller.userId(),
        caller.tokenId(),
        RequestId.current(),
        action,
        object,
        details);
  }
}
