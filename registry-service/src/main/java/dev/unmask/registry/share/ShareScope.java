package dev.unmask.registry.share;

import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Which link shows which runs; the caller owns the transaction. */
@Component
class ShareScope {
  private final JdbcTemplate jdbc;

  ShareScope(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  void put(String share, Shown shown) {
    jdbc.update("INSERT INTO shares (id, artifacts) VALUES (?, ?)", share, shown.artifacts());
    for (int i = 0; i < shown.runs().size(); i++) {
      jdbc.update(
          "INSERT INTO share_runs (share_id, run_id, position) VALUES (?, ?, ?)",
          share,
          shown.runs().get(i),
          i);
    }
  }

  Optional<Shown> find(String share) {
    return jdbc
        .query(
            "SELECT artifacts FROM shares WHERE id = ?", (row, number) -> row.getBoolean(1), share)
        .stream()
        .findFirst()
        .map(artifacts -> new Shown(runs(share), artifacts));
  }

  private List<String> runs(String share) {
    return jdbc.query(
        "SELECT run_id FROM share_runs WHERE share_id = ? ORDER BY position",
        (row, number) -> row.getString(1),
        share);
  }

  /**
   * What a link shows.
   *
   * @param runs ids, in the order of the request
   */
  record Shown(List<String> runs, boolean artifacts) {}
}
