package dev.unmask.registry.webhook;

import dev.unmask.registry.api.WebhooksApi.DeliveryView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Webhooks in the database; the caller owns the transaction. */
@Component
class WebhookStore {
  private static final String SELECT =
      "SELECT id, team_id, url, description, events, active, secret_number, created_by, created_at"
          + " FROM webhooks WHERE team_id = ?";

  private final JdbcTemplate jdbc;

  WebhookStore(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  List<Webhook> of(String teamId) {
    return jdbc.query(SELECT + " ORDER BY created_at, id", (row, number) -> webhook(row), teamId);
  }

  Optional<Webhook> find(String teamId, String id) {
    return jdbc.query(SELECT + " AND id = ?", (row, number) -> webhook(row), teamId, id).stream()
        .findFirst();
  }

  void insert(Webhook fresh) {
    jdbc.update(
        "INSERT INTO webhooks (id, team_id, url, description, events, active, secret_number,"
            + " created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        fresh.id(),
        fresh.teamId(),
        fresh.url(),
        fresh.description(),
        fresh.events().toArray(String[]::new),
        fresh.active(),
        fresh.secretNumber(),
        fresh.createdBy(),
        Timestamp.from(fresh.createdAt()));
  }

  void update(Webhook changed) {
    jdbc.update(
        "UPDATE webhooks SET url = ?, description = ?, events = ?, active = ?, secret_number = ?"
            + " WHERE id = ?",
        changed.url(),
        changed.description(),
        changed.events().toArray(String[]::new),
        changed.active(),
        changed.secretNumber(),
        changed.id());
  }

  void delete(String id) {
    jdbc.update("DELETE FROM webhooks WHERE id = ?", id);
  }

  /** Newest first. */
  List<DeliveryView> deliveries(String webhook, int most) {
    return jdbc.query(
        "SELECT id, message_id, event, state, attempts, last_status, last_error, created_at,"
            + " next_at, ended_at FROM webhook_deliveries WHERE webhook_id = ?"
            + " ORDER BY id DESC LIMIT ?",
        (row, number) ->
            new DeliveryView(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInt(5),
                row.getObject(6, Integer.class),
                row.getString(7),
                row.getTimestamp(8).toInstant(),
                row.getString(4).equals("waiting") ? row.getTimestamp(9).toInstant() : null,
                instant(row.getTimestamp(10))),
        webhook,
        most);
  }

  /** Whether there was such a message that had been given up. */
  boolean retry(String webhook, long delivery, Timestamp now) {
    return jdbc.update(
            "UPDATE webhook_deliveries SET state = 'waiting', attempts = 0, next_at = ?,"
                + " ended_at = NULL WHERE webhook_id = ? AND id = ? AND state = 'failed'",
            now,
            webhook,
            delivery)
        == 1;
  }

  private static @Nullable Instant instant(@Nullable Timestamp time) {
    return time == null ? null : time.toInstant();
  }

  private static Webhook webhook(ResultSet row) throws SQLException {
    return new Webhook(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        List.of((String[]) row.getArray(5).getArray()),
        row.getBoolean(6),
        row.getInt(7),
        row.getString(8),
        row.getTimestamp(9).toInstant());
  }
}
