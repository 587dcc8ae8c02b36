package dev.unmask.registry.retention;

import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What the database says about blobs. Whoever adds a table that names blobs adds it here. */
@Component
class BlobNames {
  static final String NAMED =
      "SELECT sha256 FROM artifacts WHERE sha256 = ANY (?)"
          + " UNION SELECT sha256 FROM model_version_files WHERE sha256 = ANY (?)";

  private final JdbcTemplate jdbc;

  BlobNames(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Those of the blobs that some row names. */
  List<String> named(Collection<String> blobs) {
    String[] all = blobs.toArray(String[]::new);
    return jdbc.query(NAMED, (row, n) -> row.getString(1), all, all);
  }

  /**
   * Takes hints at blobs that lost a name, the oldest first; others skip them until the transaction
   * ends.
   *
   * @param graceMillis how old they must be
   */
  List<String> takeHints(long graceMillis, int most) {
    return jdbc
        .query(
            "DELETE FROM unnamed_blobs WHERE ctid = ANY (ARRAY (SELECT ctid FROM unnamed_blobs"
                + " WHERE since <= now() - ? * interval '1 ms' ORDER BY since LIMIT ?"
                + " FOR UPDATE SKIP LOCKED)) RETURNING sha256",
            (row, n) -> row.getString(1),
            graceMillis,
            most)
        .stream()
        .distinct()
        .toList();
  }

  void addHints(Collection<String> blobs) {
    if (!blobs.isEmpty()) {
      jdbc.update(
          "INSERT INTO unnamed_blobs SELECT b, now() FROM unnest(?) AS b",
          (Object) blobs.toArray(String[]::new));
    }
  }
}
