package dev.unmask.registry.loggedmodel;

import dev.unmask.registry.experiment.PurgedExperiment;
import dev.unmask.registry.metric.ModelMetricStore;
import dev.unmask.registry.tag.TagTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Rows of logged models, their params and tags; the caller owns the transaction. */
@Component
class LoggedModelTable {
  private static final String COLUMNS =
      "uid, model_id, experiment_number, name, model_type, source_run_id, status, created_at,"
          + " updated_at";

  private final JdbcTemplate jdbc;
  private final TagTable params;
  private final TagTable tags;
  private final ModelMetricStore metrics;

  LoggedModelTable(JdbcTemplate jdbc, ModelMetricStore metrics) {
    this.jdbc = jdbc;
    this.params = new TagTable(jdbc, "logged_model_params", "model_uid");
    this.tags = new TagTable(jdbc, "logged_model_tags", "model_uid");
    this.metrics = metrics;
  }

  TagTable params() {
    return params;
  }

  TagTable tags() {
    return tags;
  }

  LoggedModel add(String teamId, String modelId, String name, NewLoggedModel wanted, long now) {
    return jdbc.query(
            "INSERT INTO logged_models (model_id, team_id, experiment_number, name, model_type,"
                + " source_run_id, user_id, status, lifecycle, created_at, updated_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, 'PENDING', 'active', ?, ?) RETURNING "
                + COLUMNS,
            (row, number) -> model(row),
            modelId,
            teamId,
            wanted.experiment(),
            name,
            wanted.modelType(),
            wanted.sourceRunId(),
            wanted.userId(),
            now,
            now)
        .getFirst();
  }

  Optional<LoggedModel> find(String teamId, String modelId) {
    return one(teamId, modelId, "");
  }

  /** Writers of one model take turns; what only refers to its row does not wait. */
  Optional<LoggedModel> lock(String teamId, String modelId) {
    return one(teamId, modelId, " FOR NO KEY UPDATE OF m");
  }

  private Optional<LoggedModel> one(String teamId, String modelId, String lock) {
    return jdbc
        .query(
            "SELECT "
                + COLUMNS
                + " FROM logged_models m"
                + " WHERE team_id = ? AND model_id = ? AND lifecycle = 'active' AND "
                + PurgedExperiment.isNotThatOf("m")
                + lock,
            (row, number) -> model(row),
            teamId,
            modelId)
        .stream()
        .findFirst();
  }

  List<LoggedModel> findAll(String teamId, Collection<String> modelIds) {
    return jdbc.query(
        "SELECT "
            + COLUMNS
            + " FROM logged_models m"
            + " WHERE team_id = ? AND model_id = ANY (?) AND lifecycle = 'active' AND "
            + PurgedExperiment.isNotThatOf("m")
            + " ORDER BY uid",
        (row, number) -> model(row),
        teamId,
        modelIds.toArray(String[]::new));
  }

  /** Whether the team has, or had, a model of this id. */
  boolean exists(String teamId, String modelId) {
    return Boolean.TRUE.equals(
        jdbc.queryForObject(
            "SELECT EXISTS (SELECT 1 FROM logged_models WHERE team_id = ? AND model_id = ?)",
            Boolean.class,
            teamId,
            modelId));
  }

  List<LoggedModel> search(LoggedModelSearchSql sql) {
    return jdbc.query(sql.text(), (row, number) -> model(row), sql.parameters());
  }

  void setStatus(long uid, LoggedModelStatus status, long now) {
    jdbc.update(
        "UPDATE logged_models SET status = ?, updated_at = ? WHERE uid = ?",
        status.name(),
        now,
        uid);
  }

  void touch(long uid, long now) {
    jdbc.update("UPDATE logged_models SET updated_at = ? WHERE uid = ?", now, uid);
  }

  void delete(long uid, long now) {
    jdbc.update(
        "UPDATE logged_models SET lifecycle = 'deleted', updated_at = ? WHERE uid = ?", now, uid);
  }

  /** Everything that is said about the models, by three queries whatever their number. */
  List<LoggedModel.Details> load(List<LoggedModel> models) {
    List<Long> uids = models.stream().map(LoggedModel::uid).toList();
    var paramsOf = params.of(uids);
    var tagsOf = tags.of(uids);
    var metricsOf = metrics.of(uids);
    return models.stream()
        .map(
            model ->
                new LoggedModel.Details(
                    model,
                    paramsOf.getOrDefault(model.uid(), new TreeMap<>()),
                    tagsOf.getOrDefault(model.uid(), new TreeMap<>()),
                    metricsOf.getOrDefault(model.uid(), List.of())))
        .toList();
  }

  private static LoggedModel model(ResultSet row) throws SQLException {
    return new LoggedModel(
        row.getLong("uid"),
        row.getString("model_id"),
        row.getLong("experiment_number"),
        row.getString("name"),
        row.getString("model_type"),
        row.getString("source_run_id"),
        LoggedModelStatus.valueOf(row.getString("status")),
        row.getLong("created_at"),
        row.getLong("updated_at"));
  }
}
