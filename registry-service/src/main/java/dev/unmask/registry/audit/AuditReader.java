package dev.unmask.registry.audit;

import dev.unmask.registry.api.AuditApi.AuditEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads one team's entries by their ids, so that a page costs the same wherever it lies. */
@Component
class AuditReader {
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  AuditReader(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** Entries with ids below {@code below}, newest first. */
  List<AuditEntry> newestFirst(Wanted wanted, long below, int most) {
    return read(wanted, " AND audit_log.id < ? ORDER BY audit_log.id DESC LIMIT ?", below, most);
  }

  /** Entries with ids above {@code above}, oldest first. */
  List<AuditEntry> oldestFirst(Wanted wanted, long above, int most) {
    return read(wanted, " AND audit_log.id > ? ORDER BY audit_log.id LIMIT ?", above, most);
  }

  private List<AuditEntry> read(Wanted wanted, String page, long end, int most) {
    StringBuilder sql =
        new StringBuilder(
            "SELECT audit_log.id, at, user_id, name, token_id, request_id, ip, action, object,"
                + " details, before::text, after::text"
                + " FROM audit_log LEFT JOIN users ON users.id = user_id WHERE team_id = ?");
    List<Object> parameters = new ArrayList<>(List.of(wanted.teamId()));
    add(sql, parameters, " AND action = ?", wanted.action());
    add(sql, parameters, " AND user_id = ?", wanted.userId());
    add(sql, parameters, " AND at >= ?", timestamp(wanted.from()));
    add(sql, parameters, " AND at < ?", timestamp(wanted.to()));
    parameters.add(end);
    parameters.add(most);
    return jdbc.query(sql.append(page).toString(), this::entry, parameters.toArray());
  }

  private static void add(
      StringBuilder sql, List<Object> parameters, String condition, @Nullable Object value) {
    if (value != null) {
      sql.append(condition);
      parameters.add(value);
    }
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }

  private AuditEntry entry(ResultSet row, int number) throws SQLException {
    return new AuditEntry(
        row.getLong("id"),
        row.getTimestamp("at").toInstant(),
        row.getString("user_id"),
        row.getString("name"),
        row.getString("token_id"),
        row.getString("request_id"),
        row.getString("ip"),
        row.getString("action"),
        row.getString("object"),
        row.getString("details"),
        fields(row.getString("before")),
        fields(row.getString("after")));
  }

  private @Nullable Map<String, Object> fields(@Nullable String text) {
    return text == null ? null : json.readValue(text, FIELDS);
  }

  /** Which entries of which team. */
  record Wanted(
      String teamId,
      @Nullable String action,
      @Nullable String userId,
      @Nullable Instant from,
      @Nullable Instant to) {}
}
