package dev.unmask.registry.artifact;

import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Keeps the naming of a blob and its removal apart, over all replicas: advisory locks of the
 * database that end with the transaction. Without them a file that is about to get its second name
 * could be removed for having lost its first.
 */
@Component
public class BlobLocks {
  private final JdbcTemplate jdbc;

  BlobLocks(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Nobody removes the blob from now on; waits while somebody does. Many may hold it. */
  public void hold(String sha256) {
    jdbc.query("SELECT pg_advisory_xact_lock_shared(?)", row -> {}, keyOf(sha256));
  }

  /** Those of the blobs that nobody holds; from now on nobody will. Never waits. */
  public List<String> own(Collection<String> blobs) {
    return jdbc.query(
        "SELECT sha256 FROM unnest(?, ?) AS b (sha256, key)"
            + " WHERE pg_try_advisory_xact_lock(b.key)",
        (row, n) -> row.getString(1),
        blobs.toArray(String[]::new),
        blobs.stream().map(BlobLocks::keyOf).toArray(Long[]::new));
  }

  private static Long keyOf(String sha256) {
    return Long.parseUnsignedLong(sha256.substring(0, 16), 16);
  }
}
