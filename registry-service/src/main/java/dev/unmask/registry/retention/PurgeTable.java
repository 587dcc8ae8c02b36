package dev.unmask.registry.retention;

import dev.unmask.registry.retention.Purge.State;
import dev.unmask.support.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Purges and how far they are; the caller owns the transaction. */
@Component
class PurgeTable {
  private static final String COLUMNS =
      "uid, purge_id, team_id, user_id, state, experiment_number, runs, runs_removed,"
          + " runs_restored, points_removed, requested_at, ended_at";

  private final JdbcTemplate jdbc;
  private final Clock clock;

  PurgeTable(JdbcTemplate jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** A purge that has still to be told its runs. */
  Purge add(Caller caller, @Nullable Long experiment, @Nullable String experimentLifecycle) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "INSERT INTO purges (purge_id, team_id, user_id, state, experiment_number,"
                + " experiment_lifecycle, requested_at) VALUES (?, ?, ?, 'hiding', ?, ?, ?)"
                + " RETURNING "
                + COLUMNS,
            PurgeTable::purge,
            UUID.randomUUID().toString(),
            caller.teamId(),
            caller.userId(),
            experiment,
            experimentLifecycle,
            Timestamp.from(clock.instant())));
  }

  Optional<Purge> find(String teamId, String id) {
    return jdbc
        .query(
            "SELECT " + COLUMNS + " FROM purges WHERE team_id = ? AND purge_id = ?",
            PurgeTable::purge,
            teamId,
            id)
        .stream()
        .findFirst();
  }

  /**
   * The team's purges, newest first.
   *
   * @param before uid that all of them are below
   */
  List<Purge> list(String teamId, long before, int most) {
    return jdbc.query(
        "SELECT "
            + COLUMNS
            + " FROM purges WHERE team_id = ? AND uid < ? ORDER BY uid DESC LIMIT ?",
        PurgeTable::purge,
        teamId,
        before,
        most);
  }

  /** Those of any team that are not at their end, oldest first. */
  List<Purge> open() {
    return jdbc.query(
        "SELECT " + COLUMNS + " FROM purges WHERE ended_at IS NULL ORDER BY uid",
        PurgeTable::purge);
  }

  /**
   * Keeps the purge in this state until the transaction ends.
   *
   * @return false when it is in another one
   */
  boolean hold(long uid, State state) {
    return !jdbc.query(
            "SELECT uid FROM purges WHERE uid = ? AND state = ? FOR UPDATE",
            (row, n) -> row.getLong(1),
            uid,
            word(state))
        .isEmpty();
  }

  void enter(long uid, State state) {
    boolean ends = state == State.DONE || state == State.CANCELLED;
    jdbc.update(
        "UPDATE purges SET state = ?, ended_at = ? WHERE uid = ?",
        word(state),
        ends ? Timestamp.from(clock.instant()) : null,
        uid);
  }

  /** The life cycle that the experiment had before it was hidden. */
  String experimentLifecycle(long uid) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "SELECT experiment_lifecycle FROM purges WHERE uid = ?", String.class, uid));
  }

  void countFound(long uid, int runs) {
    jdbc.update("UPDATE purges SET runs = runs + ? WHERE uid = ?", runs, uid);
  }

  void countRemoved(long uid, int runs) {
    jdbc.update("UPDATE purges SET runs_removed = runs_removed + ? WHERE uid = ?", runs, uid);
  }

  void countRestored(long uid, int runs) {
    jdbc.update("UPDATE purges SET runs_restored = runs_restored + ? WHERE uid = ?", runs, uid);
  }

  void countPoints(long uid, long points) {
    jdbc.update("UPDATE purges SET points_removed = points_removed + ? WHERE uid = ?", points, uid);
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static Purge purge(ResultSet row, int number) throws SQLException {
    Timestamp ended = row.getTimestamp(12);
    return new Purge(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        State.valueOf(row.getString(5).toUpperCase(Locale.ROOT)),
        row.getObject(6, Long.class),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        row.getTimestamp(11).toInstant(),
        ended == null ? null : ended.toInstant());
  }
}
