package dev.unmask.registry.lineage;

import dev.unmask.registry.experiment.PurgedExperiment;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Component;

/**
 * The neighbours of many nodes of one kind at once, within one team; the caller owns the
 * transaction. Deleted versions and logged models are left out, deleted runs are not: what came
 * from them is still there.
 */
@Component
class LineageTable {
  private final JdbcTemplate jdbc;

  LineageTable(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  List<Found> datasetsReadBy(Long[] runs) {
    return find(
        "SELECT i.run_uid, d.uid, d.name, d.digest, e.number FROM run_inputs i"
            + " JOIN datasets d ON d.uid = i.dataset_uid"
            + " JOIN experiments e ON e.uid = d.experiment_uid"
            + " WHERE i.run_uid = ANY (?) ORDER BY i.run_uid, d.uid",
        (row, number) -> Nodes.dataset(row),
        (Object) runs);
  }

  List<Found> modelsReadBy(String team, Long[] runs) {
    return find(
        "SELECT i.run_uid, "
            + Nodes.MODEL
            + " FROM run_model_inputs i JOIN logged_models m ON m.uid = i.model_uid"
            + " WHERE i.run_uid = ANY (?) AND m.team_id = ? AND m.lifecycle = 'active' AND "
            + PurgedExperiment.isNotThatOf("m")
            + " ORDER BY i.run_uid, m.uid",
        (row, number) -> Nodes.model(row),
        runs,
        team);
  }

  List<Found> runsThatRead(String team, Long[] models) {
    return find(
        "SELECT i.model_uid, "
            + Nodes.RUN
            + " FROM run_model_inputs i JOIN runs r ON r.uid = i.run_uid"
            + " WHERE i.model_uid = ANY (?) AND r.team_id = ? AND r.lifecycle <> 'purging'"
            + " ORDER BY i.model_uid, r.uid",
        (row, number) -> Nodes.run(row),
        models,
        team);
  }

  List<Found> runsThatMade(String team, Long[] models) {
    return find(
        "SELECT made.model_uid, "
            + Nodes.RUN
            + " FROM (SELECT m.uid AS model_uid, r.uid AS run_uid FROM logged_models m"
            + " JOIN runs r ON r.run_id = m.source_run_id WHERE m.uid = ANY (?)"
            + " UNION SELECT o.model_uid, o.run_uid FROM run_outputs o WHERE o.model_uid = ANY (?))"
            + " made JOIN runs r ON r.uid = made.run_uid WHERE r.team_id = ?"
            + " AND r.lifecycle <> 'purging'"
            + " ORDER BY made.model_uid, r.uid",
        (row, number) -> Nodes.run(row),
        models,
        models,
        team);
  }

  List<Found> modelsMadeBy(String team, Long[] runs) {
    return find(
        "SELECT made.run_uid, "
            + Nodes.MODEL
            + " FROM (SELECT r.uid AS run_uid, m.uid AS model_uid FROM runs r"
            + " JOIN logged_models m ON m.source_run_id = r.run_id WHERE r.uid = ANY (?)"
            + " UNION SELECT o.run_uid, o.model_uid FROM run_outputs o WHERE o.run_uid = ANY (?))"
            + " made JOIN logged_models m ON m.uid = made.model_uid"
            + " WHERE m.team_id = ? AND m.lifecycle = 'active' AND "
            + PurgedExperiment.isNotThatOf("m")
            + " ORDER BY made.run_uid, m.uid",
        (row, number) -> Nodes.model(row),
        runs,
        runs,
        team);
  }

  List<Found> modelsRegisteredAs(String team, Long[] versions) {
    return find(
        "SELECT v.uid, "
            + Nodes.MODEL
            + " FROM model_versions v JOIN logged_models m ON m.model_id = v.model_id"
            + " WHERE v.uid = ANY (?) AND m.team_id = ? AND m.lifecycle = 'active' AND "
            + PurgedExperiment.isNotThatOf("m")
            + " ORDER BY v.uid",
        (row, number) -> Nodes.model(row),
        versions,
        team);
  }

  List<Found> runsRegisteredAs(String team, Long[] versions) {
    return find(
        "SELECT v.uid, "
            + Nodes.RUN
            + " FROM model_versions v JOIN runs r ON r.run_id = v.run_id"
            + " WHERE v.uid = ANY (?) AND r.team_id = ? AND r.lifecycle <> 'purging' ORDER BY v.uid",
        (row, number) -> Nodes.run(row),
        versions,
        team);
  }

  List<Found> versionsOfRuns(String team, Long[] runs) {
    return find(
        "SELECT r.uid, "
            + Nodes.VERSION
            + " FROM runs r JOIN model_versions v ON v.run_id = r.run_id"
            + " JOIN registered_models rm ON rm.uid = v.model_uid"
            + " WHERE r.uid = ANY (?) AND rm.team_id = ? AND NOT v.deleted"
            + " ORDER BY r.uid, v.uid",
        (row, number) -> Nodes.version(row),
        runs,
        team);
  }

  List<Found> versionsOfModels(String team, Long[] models) {
    return find(
        "SELECT m.uid, "
            + Nodes.VERSION
            + " FROM logged_models m JOIN model_versions v ON v.model_id = m.model_id"
            + " JOIN registered_models rm ON rm.uid = v.model_uid"
            + " WHERE m.uid = ANY (?) AND rm.team_id = ? AND NOT v.deleted"
            + " ORDER BY m.uid, v.uid",
        (row, number) -> Nodes.version(row),
        models,
        team);
  }

  /** Those that were seen since {@code knownSince}; before {@code liveSince} they are stale. */
  List<Found> deploymentsOf(String team, Long[] versions, Instant liveSince, Instant knownSince) {
    return find(
        "SELECT v.uid, d.id, d.name, d.status, d.digest, d.seen_at FROM model_versions v"
            + " JOIN registered_models rm ON rm.uid = v.model_uid"
            + " JOIN deployments d ON d.team_id = rm.team_id AND d.model = rm.name"
            + " AND d.version = v.version WHERE v.uid = ANY (?) AND rm.team_id = ?"
            + " AND d.seen_at >= ? ORDER BY v.uid, d.created_at, d.id",
        (row, number) -> Nodes.deployment(row, liveSince),
        versions,
        team,
        Timestamp.from(knownSince));
  }

  private List<Found> find(String text, RowMapper<Found> row, Object... parameters) {
    return jdbc.query(text + " LIMIT " + Graph.ROWS, row, parameters);
  }
}
