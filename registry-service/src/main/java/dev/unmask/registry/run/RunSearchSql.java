package dev.unmask.registry.run;

import dev.unmask.registry.query.Comparison;
import dev.unmask.registry.query.Identifier;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.Operator;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.SqlConditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One search of runs as one parameterised statement. */
record RunSearchSql(String text, Object[] parameters) {
  private static final String ARTIFACT_URI =
      "('mlflow-artifacts:/' || r.experiment_number || '/' || r.run_id || '/artifacts')";

  static RunSearchSql of(String teamId, RunSearch search) {
    SqlConditions where =
        new SqlConditions()
            .and("r.team_id = ?", teamId)
            .and(
                "r.experiment_number = ANY (?)",
                (Object) search.experiments().toArray(Long[]::new));
    switch (search.view()) {
      case ACTIVE_ONLY -> where.and("r.lifecycle = 'active'");
      case DELETED_ONLY -> where.and("r.lifecycle = 'deleted'");
      case ALL -> {}
    }
    search.filter().comparisons().forEach(comparison -> add(where, comparison));
    Order order = new Order();
    search.order().forEach(order::add);
    List<Object> parameters = new ArrayList<>(order.joinParameters);
    parameters.addAll(where.parameters());
    parameters.add(search.most() + 1);
    parameters.add(search.start().offset());
    return new RunSearchSql(
        "SELECT r.uid FROM runs r"
            + order.joins
            + " WHERE "
            + where.sql()
            + " ORDER BY "
            + order.terms
            + "r.start_time DESC, r.run_id LIMIT ? OFFSET ?",
        parameters.toArray());
  }

  private static void add(SqlConditions where, Comparison comparison) {
    Identifier identifier = comparison.identifier();
    switch (kindOf(identifier)) {
      case METRIC -> addMetric(where, comparison);
      case PARAM -> where.andEntry("run_params", "t.run_uid = r.uid", comparison);
      case TAG -> where.andEntry("run_tags", "t.run_uid = r.uid", comparison);
      case DATASET -> DatasetConditions.add(where, comparison);
      case ATTRIBUTE -> addAttribute(where, comparison);
    }
  }

  /** NaN is unlike every number: PostgreSQL would hold it greater than all. */
  private static void addMetric(SqlConditions where, Comparison comparison) {
    String notNan =
        comparison.operator() == Operator.NOT_EQUAL ? "" : " AND s.latest_value <> 'NaN'";
    where.and(
        "EXISTS (SELECT 1 FROM metric_series s WHERE s.run_uid = r.uid AND s.key = ?"
            + " AND s.latest_value "
            + SqlConditions.numberTest(comparison)
            + notNan
            + ")",
        comparison.identifier().key(),
        SqlConditions.numberValue(comparison));
  }

  private static void addAttribute(SqlConditions where, Comparison comparison) {
    String column = attribute(comparison.identifier());
    if (column.equals("r.start_time") || column.equals("r.end_time")) {
      where.andNumber(column, comparison);
      return;
    }
    if (comparison.operator().isList() && !column.equals("r.run_id")) {
      throw new InvalidQueryException("Invalid comparison: only 'run_id' may be compared by IN");
    }
    where.andText(column, comparison);
  }

  private static String attribute(Identifier identifier) {
    return switch (identifier.key().toLowerCase(Locale.ROOT)) {
      case "run_id" -> "r.run_id";
      case "status" -> "r.status";
      case "artifact_uri" -> ARTIFACT_URI;
      case "user_id" -> "r.user_id";
      case "run_name" -> "r.name";
      case "start_time", "created" -> "r.start_time";
      case "end_time" -> "r.end_time";
      default ->
          throw new InvalidQueryException(
              "Invalid attribute key '"
                  + identifier.key()
                  + "' specified. Valid keys are run_id, status, artifact_uri, user_id, run_name,"
                  + " start_time, end_time");
    };
  }

  private enum Kind {
    METRIC,
    PARAM,
    TAG,
    DATASET,
    ATTRIBUTE
  }

  private static Kind kindOf(Identifier identifier) {
    if (identifier.isAttribute()) {
      return Kind.ATTRIBUTE;
    }
    if (identifier.isTag()) {
      return Kind.TAG;
    }
    return switch (String.valueOf(identifier.entity())) {
      case "metric", "metrics" -> Kind.METRIC;
      case "param", "params", "parameter", "parameters" -> Kind.PARAM;
      case "dataset", "datasets" -> Kind.DATASET;
      default ->
          throw new InvalidQueryException(
              "Invalid entity type '"
                  + identifier.entity()
                  + "'. Valid values are metrics, params, tags, datasets, attributes");
    };
  }

  /** Numbers first, then NaN, then runs without a value, in both directions. */
  private static final class Order {
    private final StringBuilder joins = new StringBuilder();
    private final List<Object> joinParameters = new ArrayList<>();
    private final StringBuilder terms = new StringBuilder();
    private int joined;

    void add(OrderClause clause) {
      Identifier identifier = clause.identifier();
      switch (kindOf(identifier)) {
        case METRIC -> {
          String value = join("metric_series", identifier) + ".latest_value";
          terms.append("CASE WHEN ").append(value).append(" IS NULL THEN 2 WHEN ");
          terms.append(value).append(" = 'NaN' THEN 1 ELSE 0 END, ");
          term(value, clause);
        }
        case PARAM -> term(join("run_params", identifier) + ".value", clause);
        case TAG -> term(join("run_tags", identifier) + ".value", clause);
        case DATASET ->
            throw new InvalidQueryException(
                "Invalid ordering key in order_by clause '" + identifier + "'");
        case ATTRIBUTE -> term(orderable(identifier), clause);
      }
    }

    private String join(String table, Identifier identifier) {
      String alias = "o" + joined++;
      joins
          .append(" LEFT JOIN ")
          .append(table)
          .append(" ")
          .append(alias)
          .append(" ON ")
          .append(alias)
          .append(".run_uid = r.uid AND ")
          .append(alias)
          .append(".key = ?");
      joinParameters.add(identifier.key());
      return alias;
    }

    private void term(String value, OrderClause clause) {
      terms.append(value).append(clause.ascending() ? " ASC" : " DESC").append(" NULLS LAST, ");
    }

    private static String orderable(Identifier identifier) {
      try {
        return attribute(identifier);
      } catch (InvalidQueryException unknown) {
        throw new InvalidQueryException(
            "Invalid ordering key in order_by clause '" + identifier + "'");
      }
    }
  }
}
