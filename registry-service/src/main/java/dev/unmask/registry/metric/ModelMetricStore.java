package dev.unmask.registry.metric;

import dev.unmask.registry.experiment.PurgedExperiment;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Points that name a logged model, kept beside the run's own series. Repeating a call changes
 * nothing; the caller owns the transaction.
 */
@Component
public class ModelMetricStore {
  /** Answers hold so many points a model, those of the highest steps: histories are the runs'. */
  private static final int MOST_SHOWN = 1_000;

  /** And so many of all its models, which share them evenly where they are more than a page. */
  private static final int MOST_AT_ONCE = 100_000;

  private final JdbcTemplate jdbc;

  ModelMetricStore(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds points of models that {@link #unknownModel(String, List)} knows of no objection to. */
  public void append(String teamId, long runUid, List<ModelMetric> points) {
    if (points.isEmpty()) {
      return;
    }
    jdbc.update(
        "INSERT INTO logged_model_metrics (run_uid, model_uid, key, step, \"timestamp\", value,"
            + " dataset_name, dataset_digest)"
            + " SELECT ?, m.uid, p.key, p.step, p.at, p.value, p.name, p.digest"
            + " FROM unnest(?, ?, ?, ?, ?, ?, ?)"
            + " AS p (model_id, key, step, at, value, name, digest)"
            + " JOIN logged_models m ON m.model_id = p.model_id AND m.team_id = ?"
            + " ON CONFLICT DO NOTHING",
        runUid,
        texts(points, ModelMetric::modelId),
        texts(points, metric -> metric.point().key()),
        points.stream().map(metric -> metric.point().step()).toArray(Long[]::new),
        points.stream().map(metric -> metric.point().timestamp()).toArray(Long[]::new),
        points.stream().map(metric -> metric.point().value()).toArray(Double[]::new),
        texts(points, ModelMetric::datasetName),
        texts(points, ModelMetric::datasetDigest),
        teamId);
  }

  /**
   * Points by model uid, sorted by key, step, timestamp, value and data set; of each model those of
   * the highest steps, 1,000 or, of more than 100 models, fewer. Models without points are absent.
   */
  public Map<Long, List<ModelMetric>> of(Collection<Long> modelUids) {
    Map<Long, List<ModelMetric>> found = new HashMap<>();
    jdbc.query(
        "SELECT s.model_uid, s.key, s.value, s.\"timestamp\", s.step, m.model_id, r.run_id,"
            + " s.dataset_name, s.dataset_digest FROM (SELECT *, row_number() OVER (PARTITION BY"
            + " model_uid ORDER BY step DESC, \"timestamp\" DESC, key, value DESC, run_uid,"
            + " dataset_name, dataset_digest) AS place"
            + " FROM logged_model_metrics WHERE model_uid = ANY (?)) s"
            + " JOIN logged_models m ON m.uid = s.model_uid JOIN runs r ON r.uid = s.run_uid"
            + " WHERE s.place <= ? AND r.lifecycle <> 'purging'"
            + " ORDER BY s.model_uid, s.key, s.step, s.\"timestamp\", s.value,"
            + " s.dataset_name, s.dataset_digest, r.run_id",
        row -> {
          MetricPoint point =
              new MetricPoint(row.getString(2), row.getDouble(3), row.getLong(4), row.getLong(5));
          found
              .computeIfAbsent(row.getLong(1), uid -> new ArrayList<>())
              .add(
                  new ModelMetric(
                      point,
                      row.getString(6),
                      row.getString(7),
                      row.getString(8),
                      row.getString(9)));
        },
        modelUids.toArray(Long[]::new),
        shownOfEach(modelUids.size()));
    return found;
  }

  static int shownOfEach(int models) {
    return Math.clamp(MOST_AT_ONCE / Math.max(1, models), 1, MOST_SHOWN);
  }

  /** The refusal of points that name a logged model which the team has not; null for none. */
  public @Nullable UnmaskException unknownModel(String teamId, List<ModelMetric> points) {
    Set<String> missing = points.stream().map(ModelMetric::modelId).collect(Collectors.toSet());
    if (missing.isEmpty()) {
      return null;
    }
    jdbc.query(
        "SELECT model_id FROM logged_models m"
            + " WHERE team_id = ? AND lifecycle = 'active' AND model_id = ANY (?) AND "
            + PurgedExperiment.isNotThatOf("m"),
        row -> {
          missing.remove(row.getString(1));
        },
        teamId,
        missing.toArray(String[]::new));
    return missing.isEmpty() ? null : unknownModel(Collections.min(missing));
  }

  /** The answer to an id that no logged model of the team has. */
  public static UnmaskException unknownModel(String modelId) {
    return new UnmaskException(
        ErrorCode.LOGGED_MODEL_NOT_FOUND, "Logged model with ID '" + modelId + "' not found.");
  }

  private static String[] texts(List<ModelMetric> points, Function<ModelMetric, String> part) {
    return points.stream().map(part).toArray(String[]::new);
  }
}
