package dev.unmask.registry.webhook;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages that wait to be sent. They are written in the transaction of what they tell of, so that
 * neither exists without the other.
 */
@Component
public class Outbox {
  private final JdbcTemplate jdbc;
  private final JsonMapper json;
  private final Clock clock;

  Outbox(JdbcTemplate jdbc, JsonMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = json;
    this.clock = clock;
  }

  /** A message of the team for every webhook that asked for its kind. */
  public void tell(String teamId, EventKind kind, Map<String, ?> data) {
    write(teamId, kind, data, null);
  }

  /** A message for one webhook, whatever it asked for. */
  void tellOne(String teamId, String webhook, EventKind kind, Map<String, ?> data) {
    write(teamId, kind, data, webhook);
  }

  private void write(String teamId, EventKind kind, Map<String, ?> data, @Nullable String webhook) {
    String message = "msg_" + UUID.randomUUID().toString().replace("-", "");
    Timestamp now = Timestamp.from(clock.instant());
    Map<String, Object> body = new TreeMap<>();
    body.put("type", kind.wireName());
    body.put("timestamp", clock.instant().toString());
    body.put("data", new TreeMap<>(data));
    jdbc.update(
        "INSERT INTO webhook_deliveries"
            + " (message_id, webhook_id, event, body, state, attempts, next_at, created_at)"
            + " SELECT ?, id, ?, ?, 'waiting', 0, ?, ? FROM webhooks"
            + " WHERE team_id = ? AND (id = ? OR ?::text IS NULL AND active AND ? = ANY (events))",
        message,
        kind.wireName(),
        json.writeValueAsString(body),
        now,
        now,
        teamId,
        webhook,
        webhook,
        kind.wireName());
  }

  /** A message to be sent. */
  record Waiting(
      long id,
      String messageId,
      String webhookId,
      String url,
      int secretNumber,
      String body,
      int attempts) {}

  /**
   * Takes the next message for one attempt; no other replica gets it before the lease is over.
   *
   * @return null when none waits
   */
  @Nullable Waiting claim(Duration lease) {
    Timestamp now = Timestamp.from(clock.instant());
    return jdbc
        .query(
            "UPDATE webhook_deliveries d SET attempts = attempts + 1, next_at = ? FROM webhooks w"
                + " WHERE w.id = d.webhook_id AND d.id = (SELECT id FROM webhook_deliveries"
                + " WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at, id LIMIT 1"
                + " FOR UPDATE SKIP LOCKED) RETURNING"
                + " d.id, d.message_id, w.id, w.url, w.secret_number, d.body, d.attempts",
            (row, number) ->
                new Waiting(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getInt(5),
                    row.getString(6),
                    row.getInt(7)),
            Timestamp.from(clock.instant().plus(lease)),
            now)
        .stream()
        .findFirst()
        .orElse(null);
  }

  void delivered(long id, int status) {
    jdbc.update(
        "UPDATE webhook_deliveries SET state = 'delivered', last_status = ?, last_error = NULL,"
            + " ended_at = ? WHERE id = ?",
        status,
        Timestamp.from(clock.instant()),
        id);
  }

  /**
   * @param pause before the next attempt; null when the message is given up
   */
  void failed(long id, @Nullable Integer status, String error, @Nullable Duration pause) {
    Timestamp now = Timestamp.from(clock.instant());
    jdbc.update(
        "UPDATE webhook_deliveries SET state = ?, last_status = ?, last_error = ?, next_at = ?,"
            + " ended_at = ? WHERE id = ?",
        pause == null ? "failed" : "waiting",
        status,
        error,
        pause == null ? now : Timestamp.from(clock.instant().plus(pause)),
        pause == null ? now : null,
        id);
  }
}
