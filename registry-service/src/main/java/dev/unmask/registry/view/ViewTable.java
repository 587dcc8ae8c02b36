package dev.unmask.registry.view;

import dev.unmask.registry.api.ViewsApi.SavedSearch;
import dev.unmask.registry.api.ViewsApi.SavedView;
import dev.unmask.support.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Views in the database, each seen by its owner or by all of the team; the caller owns the
 * transaction.
 */
@Component
class ViewTable {
  private static final String SELECT =
      "SELECT v.id, v.name, v.shared, v.owner_id, coalesce(u.name, v.owner_id), v.version,"
          + " v.search::text, v.created_at, v.changed_at"
          + " FROM saved_views v LEFT JOIN users u ON u.id = v.owner_id"
          + " WHERE v.team_id = ? AND (v.shared OR v.owner_id = ?)";

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  ViewTable(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** A view with what it may be found and told apart by. */
  record Stored(
      long id,
      String name,
      boolean shared,
      String ownerId,
      String owner,
      int version,
      SavedSearch search,
      Instant createdAt,
      Instant changedAt) {

    boolean belongsTo(Caller caller) {
      return ownerId.equals(caller.userId());
    }

    SavedView view(Caller caller) {
      return new SavedView(
          id, name, shared, owner, belongsTo(caller), version, search, createdAt, changedAt);
    }
  }

  List<Stored> list(Caller caller, long after, int most) {
    return jdbc.query(
        SELECT + " AND v.id > ? ORDER BY v.id LIMIT ?",
        (row, number) -> read(row),
        caller.teamId(),
        caller.userId(),
        after,
        most);
  }

  Optional<Stored> find(Caller caller, long id) {
    return find(caller, id, "");
  }

  /** Other changes of it wait for the end of the transaction. */
  Optional<Stored> lock(Caller caller, long id) {
    return find(caller, id, " FOR UPDATE OF v");
  }

  private Optional<Stored> find(Caller caller, long id, String lock) {
    return jdbc
        .query(
            SELECT + " AND v.id = ?" + lock,
            (row, number) -> read(row),
            caller.teamId(),
            caller.userId(),
            id)
        .stream()
        .findFirst();
  }

  int count(Caller caller) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "SELECT count(*) FROM saved_views WHERE team_id = ? AND owner_id = ?",
            Integer.class,
            caller.teamId(),
            caller.userId()));
  }

  /**
   * @return empty when the caller has a view of this name already
   */
  Optional<Long> insert(
      Caller caller, String name, boolean shared, SavedSearch search, Instant now) {
    return jdbc
        .query(
            "INSERT INTO saved_views"
                + " (team_id, owner_id, name, shared, version, search, created_at, changed_at)"
                + " VALUES (?, ?, ?, ?, 1, ?::jsonb, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
            (row, number) -> row.getLong(1),
            caller.teamId(),
            caller.userId(),
            name,
            shared,
            json.writeValueAsString(search),
            Timestamp.from(now),
            Timestamp.from(now))
        .stream()
        .findFirst();
  }

  /**
   * @throws org.springframework.dao.DuplicateKeyException when the owner has another view of this
   *     name
   */
  void update(long id, String name, boolean shared, SavedSearch search, Instant now) {
    jdbc.update(
        "UPDATE saved_views SET name = ?, shared = ?, search = ?::jsonb, version = version + 1,"
            + " changed_at = ? WHERE id = ?",
        name,
        shared,
        json.writeValueAsString(search),
        Timestamp.from(now),
        id);
  }

  void delete(long id) {
    jdbc.update("DELETE FROM saved_views WHERE id = ?", id);
  }

  private Stored read(ResultSet row) throws SQLException {
    return new Stored(
        row.getLong(1),
        row.getString(2),
        row.getBoolean(3),
        row.getString(4),
        row.getString(5),
        row.getInt(6),
        json.readValue(row.getString(7), SavedSearch.class),
        row.getTimestamp(8).toInstant(),
        row.getTimestamp(9).toInstant());
  }
}
