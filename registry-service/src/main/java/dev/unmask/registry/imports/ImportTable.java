package dev.unmask.registry.imports;

import dev.unmask.registry.api.ImportsApi.ImportFault;
import dev.unmask.registry.api.ImportsApi.ImportState;
import dev.unmask.registry.api.ImportsApi.Progress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Imports and what they have looked at; each statement is a transaction where callers own none. */
@Component
class ImportTable {
  private static final String COLUMNS =
      " id, team_id, url, credentials, experiments, artifacts, models, state, error, attempts,"
          + " created_by, created_at, ended_at";
  private static final int FAULTS = 100;

  private final JdbcTemplate jdbc;
  private final Clock clock;

  ImportTable(JdbcTemplate jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  void insert(Import fresh) {
    Timestamp created = Timestamp.from(fresh.createdAt());
    jdbc.update(
        "INSERT INTO imports (id, team_id, url, credentials, experiments, artifacts, models, state,"
            + " attempts, next_at, created_by, created_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, 'WAITING', 0, ?, ?, ?)",
        fresh.id(),
        fresh.teamId(),
        fresh.url(),
        fresh.credentials(),
        fresh.experiments().toArray(String[]::new),
        fresh.artifacts(),
        fresh.models(),
        created,
        fresh.createdBy(),
        created);
  }

  List<Import> newestFirst(String teamId, int most) {
    return jdbc.query(
        "SELECT" + COLUMNS + " FROM imports WHERE team_id = ? ORDER BY created_at DESC, id LIMIT ?",
        (row, number) -> read(row),
        teamId,
        most);
  }

  Optional<Import> find(String teamId, String id) {
    return jdbc
        .query(
            "SELECT" + COLUMNS + " FROM imports WHERE team_id = ? AND id = ?",
            (row, number) -> read(row),
            teamId,
            id)
        .stream()
        .findFirst();
  }

  /** Takes an import that nobody works on; nobody else gets it before the lease is over. */
  Optional<Import> claim(String worker, Duration lease) {
    Instant now = clock.instant();
    return jdbc
        .query(
            "UPDATE imports SET state = 'RUNNING', worker = ?, next_at = ?, attempts = attempts + 1"
                + " WHERE id = (SELECT id FROM imports WHERE state IN ('WAITING', 'RUNNING')"
                + " AND next_at <= ? ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)"
                + " RETURNING"
                + COLUMNS,
            (row, number) -> read(row),
            worker,
            Timestamp.from(now.plus(lease)),
            Timestamp.from(now))
        .stream()
        .findFirst();
  }

  /**
   * @return false when it was cancelled or somebody else has it
   */
  boolean renew(String id, String worker, Duration lease) {
    return jdbc.update(
            "UPDATE imports SET next_at = ? WHERE id = ? AND worker = ? AND state = 'RUNNING'",
            Timestamp.from(clock.instant().plus(lease)),
            id,
            worker)
        == 1;
  }

  /** How often it was taken up since something was last brought. */
  int attempts(String id) {
    return jdbc.query(
            "SELECT attempts FROM imports WHERE id = ?", (row, number) -> row.getInt(1), id)
        .getFirst();
  }

  void pause(String id, String worker, String error, Duration pause) {
    jdbc.update(
        "UPDATE imports SET state = 'WAITING', error = ?, next_at = ?"
            + " WHERE id = ? AND worker = ? AND state = 'RUNNING'",
        error,
        Timestamp.from(clock.instant().plus(pause)),
        id,
        worker);
  }

  void end(String id, String worker, ImportState state, @Nullable String error) {
    jdbc.update(
        "UPDATE imports SET state = ?, error = ?, credentials = NULL, ended_at = ?"
            + " WHERE id = ? AND worker = ? AND state = 'RUNNING'",
        state.name(),
        error,
        Timestamp.from(clock.instant()),
        id,
        worker);
  }

  /**
   * @return false when it had ended already
   */
  boolean cancel(String teamId, String id) {
    return jdbc.update(
            "UPDATE imports SET state = 'CANCELLED', credentials = NULL, ended_at = ?"
                + " WHERE team_id = ? AND id = ? AND state IN ('WAITING', 'RUNNING')",
            Timestamp.from(clock.instant()),
            teamId,
            id)
        == 1;
  }

  /** Notes what was brought, which also is progress: tries are counted anew. */
  void brought(String id, Step.Kind kind, String source, String target) {
    note(id, kind, source, target, null);
    jdbc.update("UPDATE imports SET attempts = 1, error = NULL WHERE id = ? AND attempts > 1", id);
  }

  void failed(String id, Step.Kind kind, String source, String error) {
    note(id, kind, source, null, error);
  }

  private void note(
      String id, Step.Kind kind, String source, @Nullable String target, @Nullable String error) {
    jdbc.update(
        "INSERT INTO import_steps (import_id, kind, source, target, error) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (import_id, kind, source)"
            + " DO UPDATE SET target = excluded.target, error = excluded.error",
        id,
        kind.wireName(),
        source,
        target,
        error);
  }

  /** Which of the sources were looked at, whatever came of it. */
  Set<String> lookedAt(String id, Step.Kind kind, Collection<String> sources) {
    return new HashSet<>(
        jdbc.query(
            "SELECT source FROM import_steps"
                + " WHERE import_id = ? AND kind = ? AND source = ANY (?)",
            (row, number) -> row.getString(1),
            id,
            kind.wireName(),
            sources.toArray(String[]::new)));
  }

  Progress progress(String id) {
    return jdbc.query(
            "SELECT count(*) FILTER (WHERE kind = 'experiment' AND error IS NULL),"
                + " count(*) FILTER (WHERE kind = 'run' AND error IS NULL),"
                + " count(*) FILTER (WHERE kind = 'model' AND error IS NULL),"
                + " count(*) FILTER (WHERE kind = 'version' AND error IS NULL),"
                + " count(*) FILTER (WHERE error IS NOT NULL) FROM import_steps"
                + " WHERE import_id = ?",
            (row, number) ->
                new Progress(
                    row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)),
            id)
        .getFirst();
  }

  List<ImportFault> faults(String id) {
    return jdbc.query(
        "SELECT kind, source, error FROM import_steps WHERE import_id = ? AND error IS NOT NULL"
            + " ORDER BY kind, source LIMIT ?",
        (row, number) -> new ImportFault(row.getString(1), row.getString(2), row.getString(3)),
        id,
        FAULTS);
  }

  private static Import read(ResultSet row) throws SQLException {
    Timestamp ended = row.getTimestamp("ended_at");
    return new Import(
        row.getString("id"),
        row.getString("team_id"),
        row.getString("url"),
        row.getBytes("credentials"),
        List.of((String[]) row.getArray("experiments").getArray()),
        row.getBoolean("artifacts"),
        row.getBoolean("models"),
        ImportState.valueOf(row.getString("state")),
        row.getString("error"),
        row.getInt("attempts"),
        row.getString("created_by"),
        row.getTimestamp("created_at").toInstant(),
        ended == null ? null : ended.toInstant());
  }
}
