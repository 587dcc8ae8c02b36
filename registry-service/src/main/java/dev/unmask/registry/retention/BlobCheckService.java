package dev.unmask.registry.retention;

import dev.unmask.registry.api.BlobsApi.BlobsView;
import dev.unmask.registry.api.BlobsApi.MissingFile;
import dev.unmask.registry.artifact.BlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Finds files whose bytes are missing, and bytes that no file names. */
@Service
class BlobCheckService {
  private static final int EXAMPLES = 100;
  private static final int FETCH = 1_000;
  private static final String FILES =
      """
      SELECT 'runs/' || r.run_id, a.path, a.sha256, a.size
      FROM artifacts a JOIN runs r ON r.uid = a.run_uid
      WHERE r.team_id = ? AND r.lifecycle <> 'purging'
      UNION ALL
      SELECT 'logged-models/' || m.model_id, a.path, a.sha256, a.size
      FROM artifacts a JOIN logged_models m ON m.uid = a.model_uid
      JOIN experiments e ON e.team_id = m.team_id AND e.number = m.experiment_number
      WHERE m.team_id = ? AND e.lifecycle <> 'purging'
      UNION ALL
      SELECT 'models/' || m.name || '/' || v.version, f.path, f.sha256, f.size
      FROM model_version_files f JOIN model_versions v ON v.uid = f.version_uid
      JOIN registered_models m ON m.uid = v.model_uid
      WHERE m.team_id = ?""";

  private final JdbcTemplate jdbc;
  private final BlobStore store;
  private final BlobSweep sweep;

  BlobCheckService(JdbcTemplate jdbc, BlobStore store, BlobSweep sweep) {
    this.jdbc = new JdbcTemplate(Objects.requireNonNull(jdbc.getDataSource()));
    // Rows come in portions, which needs the transaction below: a team may have millions.
    this.jdbc.setFetchSize(FETCH);
    this.store = store;
    this.sweep = sweep;
  }

  @Transactional(readOnly = true)
  BlobsView check(String teamId) {
    long[] counts = new long[4];
    List<MissingFile> examples = new ArrayList<>();
    jdbc.query(
        FILES,
        row -> {
          counts[0]++;
          if (!isThere(row.getString(3), row.getLong(4))) {
            counts[1]++;
            if (examples.size() < EXAMPLES) {
              examples.add(
                  new MissingFile(
                      row.getString(1), row.getString(2), row.getString(3), row.getLong(4)));
            }
          }
        },
        teamId,
        teamId,
        teamId);
    sweep.forEachUnnamed(
        orphan -> {
          counts[2]++;
          counts[3] += orphan.blob().size();
        });
    return new BlobsView(counts[0], counts[1], examples, counts[2], counts[3]);
  }

  private boolean isThere(String sha256, long size) {
    try {
      return Files.size(store.path(sha256)) == size;
    } catch (NoSuchFileException missing) {
      return false;
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read the store", failure);
    }
  }
}
