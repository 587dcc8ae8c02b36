package dev.unmask.registry.artifact;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Which name of which run stands for which blob; the caller owns the transaction. */
@Component
class ArtifactNames {
  private final JdbcTemplate jdbc;

  ArtifactNames(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  void put(long runUid, String path, Blob blob, Instant now) {
    jdbc.update(
        "INSERT INTO artifacts (run_uid, path, sha256, size, updated_at) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (run_uid, path) DO UPDATE SET sha256 = excluded.sha256,"
            + " size = excluded.size, updated_at = excluded.updated_at",
        runUid,
        path,
        blob.sha256(),
        blob.size(),
        Timestamp.from(now));
  }

  Optional<Blob> find(long runUid, String path) {
    return jdbc
        .query(
            "SELECT sha256, size FROM artifacts WHERE run_uid = ? AND path = ?",
            (row, number) -> new Blob(row.getString(1), row.getLong(2)),
            runUid,
            path)
        .stream()
        .findFirst();
  }

  /** Whether the path is a folder already, or one of its folders is a file. */
  boolean collides(long runUid, String path) {
    Boolean found =
        jdbc.queryForObject(
            "SELECT EXISTS (SELECT 1 FROM artifacts WHERE run_uid = ?"
                + " AND (starts_with(path, ? || '/') OR starts_with(?, path || '/')))",
            Boolean.class,
            runUid,
            path,
            path);
    return Boolean.TRUE.equals(found);
  }

  /** Every file below the folder, with its path relative to the folder, sorted by path. */
  List<Artifact> below(long runUid, String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return jdbc.query(
        "SELECT substr(path, ?), sha256, size FROM artifacts"
            + " WHERE run_uid = ? AND starts_with(path, ?) ORDER BY path",
        (row, number) -> new Artifact(row.getString(1), new Blob(row.getString(2), row.getLong(3))),
        prefix.codePointCount(0, prefix.length()) + 1,
        runUid,
        prefix);
  }

  /** Files and folders directly in the folder, sorted by path; empty when there is none such. */
  List<ArtifactListing> list(long runUid, @Nullable String folder) {
    String prefix = folder == null || folder.isEmpty() ? "" : folder + "/";
    return jdbc.query(
        "SELECT ? || split_part(rest, '/', 1) AS entry, bool_or(strpos(rest, '/') > 0), max(size)"
            + " FROM (SELECT substr(path, ?) AS rest, size FROM artifacts"
            + " WHERE run_uid = ? AND starts_with(path, ?)) AS inside"
            + " GROUP BY entry ORDER BY entry",
        (row, number) ->
            new ArtifactListing(
                row.getString(1), row.getBoolean(2), row.getBoolean(2) ? 0 : row.getLong(3)),
        prefix,
        prefix.codePointCount(0, prefix.length()) + 1,
        runUid,
        prefix);
  }

  /** Removes a file, or a folder with everything in it. */
  int remove(long runUid, String path) {
    return jdbc.update(
        "DELETE FROM artifacts WHERE run_uid = ? AND (path = ? OR starts_with(path, ? || '/'))",
        runUid,
        path,
        path);
  }
}
