package dev.unmask.registry.identity;

import dev.unmask.support.security.Role;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Who is in which team with which role; the caller owns the transaction. */
@Component
class Memberships {
  private final JdbcTemplate jdbc;

  Memberships(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Changes of one team's members take turns from here to the end of the transaction. */
  void lock(String teamId) {
    // Not FOR UPDATE: that would hold up whatever is written for the team meanwhile.
    jdbc.queryForList("SELECT 1 FROM teams WHERE id = ? FOR NO KEY UPDATE", teamId);
  }

  Optional<Member> find(String teamId, String userId) {
    return jdbc
        .query(
            "SELECT user_id, name, role FROM memberships JOIN users ON users.id = user_id"
                + " WHERE team_id = ? AND user_id = ?",
            (row, number) ->
                new Member(row.getString(1), row.getString(2), Role.of(row.getString(3))),
            teamId,
            userId)
        .stream()
        .findFirst();
  }

  /** Everybody in the team, by name. */
  List<Member> of(String teamId) {
    return jdbc.query(
        "SELECT user_id, name, role FROM memberships JOIN users ON users.id = user_id"
            + " WHERE team_id = ? ORDER BY name COLLATE \"C\"",
        (row, number) -> new Member(row.getString(1), row.getString(2), Role.of(row.getString(3))),
        teamId);
  }

  /** Takes the user in, or gives a member the role. */
  void put(String teamId, String userId, Role role) {
    jdbc.update(
        "INSERT INTO memberships (user_id, team_id, role) VALUES (?, ?, ?)"
            + " ON CONFLICT (user_id, team_id) DO UPDATE SET role = excluded.role",
        userId,
        teamId,
        role.wireName());
  }

  void remove(String teamId, String userId) {
    jdbc.update("DELETE FROM memberships WHERE team_id = ? AND user_id = ?", teamId, userId);
  }

  boolean hasOtherAdmin(String teamId, String userId) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "SELECT EXISTS (SELECT 1 FROM memberships"
                + " WHERE team_id = ? AND user_id <> ? AND role = 'admin')",
            Boolean.class,
            teamId,
            userId));
  }

  /** A user's place in a team. */
  record Member(String userId, String name, Role role) {}
}
