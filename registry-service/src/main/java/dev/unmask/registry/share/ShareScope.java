package dev.unmask.registry.share;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    jdbc.update(
        "INSERT INTO shares (id, artifacts, report_id) VALUES (?, ?, ?)",
        share,
        shown.artifacts(),
        shown.report());
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
            "SELECT artifacts, report_id FROM shares WHERE id = ?",
            (row, number) -> new Shown(List.of(), row.getObject(2, Long.class), row.getBoolean(1)),
            share)
        .stream()
        .findFirst()
        .map(shown -> new Shown(runs(share), shown.report(), shown.artifacts()));
  }

  private List<String> runs(String share) {
    return jdbc.query(
        "SELECT run_id FROM share_runs s WHERE share_id = ? AND NOT EXISTS (SELECT 1 FROM runs r"
            + " WHERE r.run_id = s.run_id AND r.lifecycle = 'purging') ORDER BY position",
        (row, number) -> row.getString(1),
        share);
  }

  /**
   * What a link shows.
   *
   * @param runs ids, in the order of the request or the report
   * @param report null where it shows runs by themselves
   */
  record Shown(List<String> runs, @Nullable Long report, boolean artifacts) {
    /** The same for those of its runs that are among the others, in their order. */
    Shown within(List<String> others) {
      return new Shown(others.stream().filter(runs::contains).toList(), report, artifacts);
    }
  }
}
