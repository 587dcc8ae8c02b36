package dev.unmask.registry.artifact;

import dev.unmask.registry.artifact.ArtifactOwners.Owned;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Which name of which owner stands for which blob; the caller owns the transaction. */
@Component
class ArtifactNames {
  private final JdbcTemplate jdbc;

  ArtifactNames(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  void put(Owned owner, String path, Blob blob, Instant now) {
    String column = owner.column().sql();
    jdbc.update(
        "INSERT INTO artifacts ("
            + column
            + ", path, sha256, size, updated_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT ("
            + column
            + ", path) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size,"
            + " updated_at = excluded.updated_at",
        owner.uid(),
        path,
        blob.sha256(),
        blob.size(),
        Timestamp.from(now));
  }

  Optional<Blob> find(Owned owner, String path) {
    return jdbc
        .query(
            "SELECT sha256, size FROM artifacts WHERE " + isOf(owner) + " AND path = ?",
            (row, number) -> new Blob(row.getString(1), row.getLong(2)),
            owner.uid(),
            path)
        .stream()
        .findFirst();
  }

  /** Whether the path is a folder already, or one of its folders is a file. */
  boolean collides(Owned owner, String path) {
    Boolean found =
        jdbc.queryForObject(
            "SELECT EXISTS (SELECT 1 FROM artifacts WHERE "
                + isOf(owner)
                + " AND (starts_with(path, ? || '/') OR starts_with(?, path || '/')))",
            Boolean.class,
            owner.uid(),
            path,
            path);
    return Boolean.TRUE.equals(found);
  }

  /**
   * Every file below the folder, with its path relative to the folder, sorted by path. Until the
   * transaction ends none of them is removed or replaced, so that the caller can give the blobs
   * other names before they lose these.
   */
  List<Artifact> below(Owned owner, String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return jdbc.query(
        "SELECT substr(path, ?), sha256, size FROM artifacts WHERE "
            + isOf(owner)
            + " AND starts_with(path, ?) ORDER BY path FOR SHARE",
        (row, number) -> new Artifact(row.getString(1), new Blob(row.getString(2), row.getLong(3))),
        prefix.codePointCount(0, prefix.length()) + 1,
        owner.uid(),
        prefix);
  }

  /**
   * Files and folders directly in the folder, sorted by path; empty when there is none such.
   *
   * @param after path of the entry behind which to begin; empty for the first
   */
  List<ArtifactListing> list(Owned owner, String folder, String after, int most) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    return jdbc.query(
        "SELECT entry, folder, CASE WHEN folder THEN 0 ELSE size END FROM"
            + " (SELECT ? || split_part(rest, '/', 1) AS entry, bool_or(strpos(rest, '/') > 0)"
            + " AS folder, max(size) AS size"
            + " FROM (SELECT substr(path, ?) AS rest, size FROM artifacts WHERE "
            + isOf(owner)
            + " AND starts_with(path, ?)) AS inside GROUP BY entry) AS entries"
            + " WHERE entry > ? COLLATE \"C\" ORDER BY entry COLLATE \"C\" LIMIT ?",
        (row, number) -> new ArtifactListing(row.getString(1), row.getBoolean(2), row.getLong(3)),
        prefix,
        prefix.codePointCount(0, prefix.length()) + 1,
        owner.uid(),
        prefix,
        after,
        most);
  }

  /** Removes a file, or a folder with everything in it. */
  int remove(Owned owner, String path) {
    return jdbc.update(
        "DELETE FROM artifacts WHERE "
            + isOf(owner)
            + " AND (path = ? OR starts_with(path, ? || '/'))",
        owner.uid(),
        path,
        path);
  }

  private static String isOf(Owned owner) {
    return owner.column().sql() + " = ?";
  }
}
