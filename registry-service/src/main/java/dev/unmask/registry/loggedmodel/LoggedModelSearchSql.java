package dev.unmask.registry.loggedmodel;

import dev.unmask.registry.experiment.PurgedExperiment;
import dev.unmask.registry.loggedmodel.LoggedModelSearch.MeasuredOn;
import dev.unmask.registry.loggedmodel.LoggedModelSearch.Order;
import dev.unmask.registry.query.Comparison;
import dev.unmask.registry.query.Identifier;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.Operator;
import dev.unmask.registry.query.SqlConditions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One search of logged models as one parameterised statement. A page begins behind the last model
 * of the one before, wherever that stands by now: what is added meanwhile moves nothing.
 */
record LoggedModelSearchSql(String text, Object[] parameters) {
  private static final String LATER_POINT = " ORDER BY s.step DESC, s.\"timestamp\" DESC";

  static LoggedModelSearchSql of(String teamId, LoggedModelSearch search) {
    SqlConditions where =
        new SqlConditions()
            .and("m.lifecycle = 'active'")
            .and(
                "m.experiment_number = ANY (?)",
                (Object) search.experiments().toArray(Long[]::new));
    search.filter().comparisons().forEach(clause -> add(where, clause, search.measuredOn()));
    if (!search.measuredOn().isEmpty()) {
      addMeasuredOn(where, search.measuredOn());
    }
    Terms terms = new Terms();
    search.order().forEach(terms::add);
    String after = search.after();
    List<Object> parameters = new ArrayList<>(terms.parameters);
    parameters.add(teamId);
    parameters.add(after == null ? "" : after);
    parameters.addAll(where.parameters());
    parameters.add(after == null ? "" : after);
    parameters.add(search.most() + 1);
    return new LoggedModelSearchSql(
        "WITH found AS (SELECT m.*, row_number() OVER (ORDER BY "
            + terms.text
            + "m.created_at DESC, m.uid DESC) AS place FROM logged_models m"
            + terms.joins
            + " WHERE m.team_id = ? AND "
            + PurgedExperiment.isNotThatOf("m")
            + " AND (m.model_id = ? OR "
            + where.sql()
            + ")) SELECT * FROM found"
            + " WHERE place > coalesce((SELECT place FROM found WHERE model_id = ?), 0)"
            + " ORDER BY place LIMIT ?",
        parameters.toArray());
  }

  private static void add(SqlConditions where, Comparison comparison, List<MeasuredOn> datasets) {
    Identifier identifier = comparison.identifier();
    if (identifier.isAttribute()) {
      addAttribute(where, comparison);
    } else if (identifier.isTag()) {
      where.andEntry("logged_model_tags", "t.model_uid = m.uid", comparison);
    } else {
      switch (String.valueOf(identifier.entity())) {
        case "param", "params", "parameter", "parameters" ->
            where.andEntry("logged_model_params", "t.model_uid = m.uid", comparison);
        case "metric", "metrics" -> addMetric(where, comparison, datasets);
        default ->
            throw new InvalidQueryException(
                "Invalid entity type '"
                    + identifier.entity()
                    + "'. Valid values are metrics, params, tags, attributes");
      }
    }
  }

  /** Any point counts. NaN is unlike every number: PostgreSQL would hold it greater than all. */
  private static void addMetric(
      SqlConditions where, Comparison comparison, List<MeasuredOn> datasets) {
    SqlConditions point =
        new SqlConditions()
            .and("s.model_uid = m.uid")
            .and("s.key = ?", comparison.identifier().key())
            .and(
                "s.value " + SqlConditions.numberTest(comparison),
                SqlConditions.numberValue(comparison));
    if (comparison.operator() != Operator.NOT_EQUAL) {
      point.and("s.value <> 'NaN'");
    }
    if (!datasets.isEmpty()) {
      addDatasets(point, datasets);
    }
    exists(where, point);
  }

  private static void addMeasuredOn(SqlConditions where, List<MeasuredOn> datasets) {
    SqlConditions point = new SqlConditions().and("s.model_uid = m.uid");
    addDatasets(point, datasets);
    exists(where, point);
  }

  private static void exists(SqlConditions where, SqlConditions point) {
    where.and(
        "EXISTS (SELECT 1 FROM logged_model_metrics s WHERE " + point.sql() + ")",
        point.parameters().toArray());
  }

  private static void addDatasets(SqlConditions point, List<MeasuredOn> datasets) {
    List<String> alternatives = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    datasets.forEach(dataset -> alternatives.add(dataset(dataset, values)));
    point.and("(" + String.join(" OR ", alternatives) + ")", values.toArray());
  }

  private static String dataset(MeasuredOn dataset, List<Object> values) {
    values.add(dataset.name());
    String digest = dataset.digest();
    if (digest == null) {
      return "s.dataset_name = ?";
    }
    values.add(digest);
    return "(s.dataset_name = ? AND s.dataset_digest = ?)";
  }

  private static void addAttribute(SqlConditions where, Comparison comparison) {
    String column = column(comparison.identifier());
    if (column.endsWith("_at")) {
      where.andInteger(column, comparison);
    } else {
      where.andText(column, comparison);
    }
  }

  private static String column(Identifier identifier) {
    return switch (identifier.key()) {
      case "name" -> "m.name";
      case "model_id" -> "m.model_id";
      case "model_type" -> "m.model_type";
      case "status" -> "m.status";
      case "source_run_id" -> "m.source_run_id";
      case "creation_time", "creation_timestamp", "creation_timestamp_ms" -> "m.created_at";
      case "last_updated_timestamp", "last_updated_timestamp_ms" -> "m.updated_at";
      default ->
          throw new InvalidQueryException(
              "Invalid attribute key '"
                  + identifier.key()
                  + "': valid are name, model_id, model_type, status, source_run_id,"
                  + " creation_timestamp and last_updated_timestamp");
    };
  }

  /** Numbers first, then NaN, then models without a value, in both directions. */
  private static final class Terms {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder joins = new StringBuilder();
    private final List<Object> parameters = new ArrayList<>();
    private int joined;

    void add(Order order) {
      Identifier identifier = order.identifier();
      if (identifier.isAttribute()) {
        String column = column(identifier);
        term(column.endsWith("_at") ? column : column + " COLLATE \"C\"", order);
        return;
      }
      if (!"metrics".equals(identifier.entity()) && !"metric".equals(identifier.entity())) {
        throw new InvalidQueryException(
            "Invalid order by field name: '"
                + identifier
                + "'. Order by attributes or by metrics.KEY");
      }
      String value = latest(identifier.key(), order.measuredOn()) + ".value";
      text.append("CASE WHEN ").append(value).append(" IS NULL THEN 2 WHEN ");
      text.append(value).append(" = 'NaN' THEN 1 ELSE 0 END, ");
      term(value, order);
    }

    /** Joins the latest point of the key, and answers the name of the joined row. */
    private String latest(String key, @Nullable MeasuredOn measuredOn) {
      SqlConditions point = new SqlConditions().and("s.model_uid = m.uid").and("s.key = ?", key);
      if (measuredOn != null) {
        addDatasets(point, List.of(measuredOn));
      }
      String row = "o" + joined++;
      joins
          .append(" LEFT JOIN LATERAL (SELECT s.value FROM logged_model_metrics s WHERE ")
          .append(point.sql())
          .append(LATER_POINT)
          .append(", s.value DESC LIMIT 1) ")
          .append(row)
          .append(" ON true");
      parameters.addAll(point.parameters());
      return row;
    }

    private void term(String value, Order order) {
      text.append(value).append(order.ascending() ? " ASC" : " DESC").append(" NULLS LAST, ");
    }
  }
}
