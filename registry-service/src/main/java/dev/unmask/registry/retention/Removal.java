package dev.unmask.registry.retention;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Deletes everything that belongs to runs and experiments, table by table. Nothing is left to
 * cascades but what is written at this very moment: they fire once a row, and the tables that are
 * written most have no foreign keys. Whoever adds a table of rows that belong to a run or an
 * experiment adds its line here. The caller owns the transaction.
 */
@Component
class Removal {
  /** What runs have by millions, and is removed bit by bit before the rest. */
  static final List<String> SUMMARIES = List.of("metric_buckets");

  static final String POINTS = "metric_points";

  static final String MODEL_POINTS = "logged_model_metrics";

  /** One statement a table, with the uids of the runs; what others refer to comes later. */
  static final List<String> BY_RUN =
      List.of(
          "DELETE FROM metric_series WHERE run_uid = ANY (?)",
          "DELETE FROM run_params WHERE run_uid = ANY (?)",
          "DELETE FROM run_tags WHERE run_uid = ANY (?)",
          "DELETE FROM run_input_tags WHERE run_uid = ANY (?)",
          "DELETE FROM run_inputs WHERE run_uid = ANY (?)",
          "DELETE FROM run_model_inputs WHERE run_uid = ANY (?)",
          "DELETE FROM run_outputs WHERE run_uid = ANY (?)",
          "DELETE FROM run_beats WHERE run_uid = ANY (?)",
          "DELETE FROM run_comments WHERE run_uid = ANY (?)",
          "DELETE FROM text_samples WHERE run_uid = ANY (?)",
          "DELETE FROM histograms WHERE run_uid = ANY (?)",
          "DELETE FROM artifacts WHERE run_uid = ANY (?)",
          "DELETE FROM runs WHERE uid = ANY (?) AND lifecycle = 'purging'");

  /** Likewise, with the ids that callers know, for tables that name runs by these. */
  static final List<String> BY_RUN_ID =
      List.of(
          "DELETE FROM alerts WHERE run_id = ANY (?)",
          "DELETE FROM share_runs WHERE run_id = ANY (?)");

  /** Likewise for logged models of an experiment, with their uids. */
  static final List<String> BY_LOGGED_MODEL =
      List.of(
          "DELETE FROM logged_model_metrics WHERE model_uid = ANY (?)",
          "DELETE FROM logged_model_params WHERE model_uid = ANY (?)",
          "DELETE FROM logged_model_tags WHERE model_uid = ANY (?)",
          "DELETE FROM run_model_inputs WHERE model_uid = ANY (?)",
          "DELETE FROM run_outputs WHERE model_uid = ANY (?)",
          "DELETE FROM artifacts WHERE model_uid = ANY (?)",
          "DELETE FROM logged_models WHERE uid = ANY (?)");

  /** Likewise for an experiment without runs and logged models, with its uid. */
  static final List<String> BY_EXPERIMENT =
      List.of(
          "DELETE FROM datasets WHERE experiment_uid = ?",
          "DELETE FROM experiment_tags WHERE experiment_uid = ?",
          "DELETE FROM experiments WHERE uid = ?");

  private final JdbcTemplate jdbc;

  Removal(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param points metric points that are gone
   * @param more whether there may be more rows of the kind
   */
  record Slice(int points, boolean more) {}

  /** Deletes points of the runs and what is made of points, at most so many rows. */
  Slice removePoints(List<Long> runs, int most) {
    Long[] uids = runs.toArray(Long[]::new);
    keepSummariesAway(uids);
    Long[] series = seriesOf(uids);
    int removed = 0;
    for (String table : SUMMARIES) {
      removed += removeSome(table, "series_id", series, most - removed);
    }
    int points = removeSome(POINTS, "series_id", series, most - removed);
    removed += points;
    removed += removeSome(MODEL_POINTS, "run_uid", uids, most - removed);
    return new Slice(points, removed == most);
  }

  /**
   * Waits for the summary of a series that is being made, and lets none be made from here on: both
   * would delete the same rows, each in an order of its own.
   */
  private void keepSummariesAway(Long[] runs) {
    jdbc.update(
        "UPDATE metric_series SET dirty_from_step = NULL"
            + " WHERE run_uid = ANY (?) AND dirty_from_step IS NOT NULL",
        (Object) runs);
  }

  private Long[] seriesOf(Long[] runs) {
    return jdbc.query(
            "SELECT id FROM metric_series WHERE run_uid = ANY (?)",
            (row, n) -> row.getLong(1),
            (Object) runs)
        .toArray(Long[]::new);
  }

  /**
   * The inner limit makes the planner go owner by owner through an index: without it a large table
   * is scanned from its beginning for every slice.
   */
  private int removeSome(String table, String column, Long[] owners, int most) {
    return most == 0
        ? 0
        : jdbc.update(
            """
            DELETE FROM %1$s WHERE ctid = ANY (ARRAY (
              SELECT p.place FROM unnest(?) AS o (id) CROSS JOIN LATERAL (
                SELECT ctid AS place FROM %1$s WHERE %2$s = o.id LIMIT ?) AS p LIMIT ?))"""
                .formatted(table, column),
            owners,
            most,
            most);
  }

  /** Deletes hidden runs and all they have, the rows of their series excepted. */
  void removeRuns(List<Long> runs) {
    Long[] uids = runs.toArray(Long[]::new);
    String[] ids = lock(uids);
    BY_RUN_ID.forEach(statement -> jdbc.update(statement, (Object) ids));
    BY_RUN.forEach(statement -> jdbc.update(statement, (Object) uids));
  }

  /** Waits for whoever writes a row that refers to one of the runs: it is then found. */
  private String[] lock(Long[] runs) {
    return jdbc.query(
            "SELECT run_id FROM runs WHERE uid = ANY (?) ORDER BY uid FOR UPDATE",
            (row, n) -> row.getString(1),
            (Object) runs)
        .toArray(String[]::new);
  }

  /**
   * Deletes some of an experiment's logged models with all they have.
   *
   * @return whether there were any
   */
  boolean removeLoggedModels(String teamId, long experiment, int most) {
    Long[] uids =
        jdbc.query(
                "SELECT uid FROM logged_models WHERE team_id = ? AND experiment_number = ?"
                    + " ORDER BY uid LIMIT ? FOR UPDATE",
                (row, n) -> row.getLong(1),
                teamId,
                experiment,
                most)
            .toArray(Long[]::new);
    if (uids.length > 0) {
      BY_LOGGED_MODEL.forEach(statement -> jdbc.update(statement, (Object) uids));
    }
    return uids.length > 0;
  }

  void removeExperiment(long uid) {
    BY_EXPERIMENT.forEach(statement -> jdbc.update(statement, uid));
  }
}
