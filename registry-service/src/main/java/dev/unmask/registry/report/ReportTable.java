package dev.unmask.registry.report;

import dev.unmask.registry.api.ReportsApi.Panel;
import dev.unmask.registry.api.ReportsApi.Report;
import dev.unmask.registry.api.ReportsApi.ReportSummary;
import dev.unmask.registry.api.ReportsApi.ReportVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reports and their versions in the database; the caller owns the transaction. */
@Component
class ReportTable {
  private static final TypeReference<List<Panel>> PANELS = new TypeReference<>() {};

  /** A report's columns come first, then those of one of its versions. */
  private static final String SELECT =
      "SELECT r.id, r.author_id, coalesce(maker.name, r.author_id), r.created_at, v.version,"
          + " v.title, coalesce(changer.name, v.author_id), v.made_at, v.text, v.panels::text"
          + " FROM reports r JOIN report_versions v ON v.report_id = r.id"
          + " LEFT JOIN users maker ON maker.id = r.author_id"
          + " LEFT JOIN users changer ON changer.id = v.author_id WHERE r.team_id = ?";

  private static final String NEWEST = " AND v.version = r.version";

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  ReportTable(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** A version of a report with who made the report. */
  record Stored(Report report, String authorId) {
    Content content() {
      return new Content(report.title(), report.text(), report.panels());
    }
  }

  List<ReportSummary> list(String teamId, long before, int most) {
    return jdbc.query(
        SELECT + NEWEST + " AND r.id < ? ORDER BY r.id DESC LIMIT ?",
        (row, number) ->
            new ReportSummary(
                row.getLong(1),
                row.getString(6),
                row.getInt(5),
                row.getString(3),
                row.getString(7),
                instant(row, 4),
                instant(row, 8)),
        teamId,
        before,
        most);
  }

  Optional<Stored> find(String teamId, long id) {
    return first(SELECT + NEWEST + " AND r.id = ?", teamId, id);
  }

  Optional<Stored> version(String teamId, long id, int version) {
    return first(SELECT + " AND r.id = ? AND v.version = ?", teamId, id, version);
  }

  /** Other changes of it wait for the end of the transaction. */
  Optional<Stored> lock(String teamId, long id) {
    // By itself: a lock that waits reads the row anew, and not the version that was joined to it.
    jdbc.queryForList("SELECT 1 FROM reports WHERE team_id = ? AND id = ? FOR UPDATE", teamId, id);
    return find(teamId, id);
  }

  /** The versions below {@code before}, newest first. */
  List<ReportVersion> versions(long id, int before, int most) {
    return jdbc.query(
        "SELECT v.version, v.title, coalesce(u.name, v.author_id), v.made_at, v.restored"
            + " FROM report_versions v LEFT JOIN users u ON u.id = v.author_id"
            + " WHERE v.report_id = ? AND v.version < ? ORDER BY v.version DESC LIMIT ?",
        (row, number) ->
            new ReportVersion(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                instant(row, 4),
                row.getObject(5, Integer.class)),
        id,
        before,
        most);
  }

  long insert(String teamId, String authorId, Content content, Instant now) {
    long id =
        Objects.requireNonNull(
            jdbc.queryForObject(
                "INSERT INTO reports (team_id, author_id, version, created_at)"
                    + " VALUES (?, ?, 1, ?) RETURNING id",
                Long.class,
                teamId,
                authorId,
                Timestamp.from(now)));
    insertVersion(id, 1, authorId, content, null, now);
    return id;
  }

  /**
   * Makes the next version of a report that is locked.
   *
   * @param restored the version that has the content, where it was not written anew
   */
  void save(
      Stored present, String authorId, Content content, @Nullable Integer restored, Instant now) {
    int next = present.report().version() + 1;
    insertVersion(present.report().id(), next, authorId, content, restored, now);
    jdbc.update("UPDATE reports SET version = ? WHERE id = ?", next, present.report().id());
  }

  void delete(long id) {
    jdbc.update("DELETE FROM reports WHERE id = ?", id);
  }

  private void insertVersion(
      long id,
      int version,
      String authorId,
      Content content,
      @Nullable Integer restored,
      Instant now) {
    jdbc.update(
        "INSERT INTO report_versions"
            + " (report_id, version, title, text, panels, author_id, made_at, restored)"
            + " VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?)",
        id,
        version,
        content.title(),
        content.text(),
        json.writerFor(PANELS).writeValueAsString(content.panels()),
        authorId,
        Timestamp.from(now),
        restored);
  }

  private Optional<Stored> first(String sql, Object... parameters) {
    return jdbc.query(sql, (row, number) -> read(row), parameters).stream().findFirst();
  }

  private Stored read(ResultSet row) throws SQLException {
    return new Stored(
        new Report(
            row.getLong(1),
            row.getString(6),
            row.getString(9),
            json.readValue(row.getString(10), PANELS),
            row.getInt(5),
            row.getString(3),
            row.getString(7),
            instant(row, 4),
            instant(row, 8)),
        row.getString(2));
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getTimestamp(column).toInstant();
  }
}
