package dev.unmask.registry.run;

import dev.unmask.registry.query.Comparison;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.Operator;
import dev.unmask.registry.query.SqlConditions;
import dev.unmask.registry.run.SearchField.Attribute;

/** The comparisons of a filter as conditions on runs {@code r}. */
final class RunConditions {
  /** How many characters of a value its index holds; what follows is asked of the row. */
  private static final int INDEXED = 200;

  private RunConditions() {}

  static void add(SqlConditions where, RunScope scope, Filter filter) {
    filter.comparisons().forEach(comparison -> add(where, scope, comparison));
  }

  /**
   * As {@link #add}, where {@code s} is the run's series of the key, so that the index that leads
   * to the run answers what is asked of the series.
   */
  static void addBesideSeries(SqlConditions where, RunScope scope, Filter filter, String key) {
    for (Comparison comparison : filter.comparisons()) {
      if (isOnMetric(comparison, key)) {
        latest(where, comparison);
      } else {
        add(where, scope, comparison);
      }
    }
  }

  /** Whether the filter lets only runs through that have the metric. */
  static boolean requireMetric(Filter filter, String key) {
    return filter.comparisons().stream().anyMatch(comparison -> isOnMetric(comparison, key));
  }

  private static boolean isOnMetric(Comparison comparison, String key) {
    return SearchField.of(comparison.identifier()) == SearchField.METRIC
        && comparison.identifier().key().equals(key);
  }

  private static void add(SqlConditions where, RunScope scope, Comparison comparison) {
    switch (SearchField.of(comparison.identifier())) {
      case METRIC -> addMetric(where, scope, comparison);
      case PARAM -> addEntry(where, SearchField.PARAM, comparison);
      case TAG -> addEntry(where, SearchField.TAG, comparison);
      case DATASET -> DatasetConditions.add(where, comparison);
      case ATTRIBUTE -> addAttribute(where, comparison);
    }
  }

  private static void addMetric(SqlConditions where, RunScope scope, Comparison comparison) {
    SqlConditions series = scope.series(comparison.identifier().key());
    latest(series, comparison);
    where.and(
        "EXISTS (SELECT 1 FROM metric_series s WHERE s.run_uid = r.uid AND " + series.sql() + ")",
        series.parameters().toArray());
  }

  /** NaN is unlike every number: PostgreSQL would hold it greater than all. */
  private static void latest(SqlConditions series, Comparison comparison) {
    series.and(
        "s.latest_value " + SqlConditions.numberTest(comparison),
        SqlConditions.numberValue(comparison));
    if (comparison.operator() != Operator.NOT_EQUAL) {
      series.and("s.latest_value < 'NaN'");
    }
  }

  private static void addEntry(SqlConditions where, SearchField field, Comparison comparison) {
    if (comparison.operator() != Operator.EQUAL) {
      where.andEntry(field.table(), "t.run_uid = r.uid", comparison);
      return;
    }
    String value = (String) SqlConditions.textValue(comparison);
    SqlConditions entry =
        new SqlConditions()
            .and("t.run_uid = r.uid")
            .and("t.key = ?", comparison.identifier().key())
            .and("left(t.value, " + INDEXED + ") = left(?, " + INDEXED + ")", value);
    if (value.codePointCount(0, value.length()) >= INDEXED) {
      // Asked of shorter values too, it would let PostgreSQL guess far too few rows.
      entry.and("t.value = ?", value);
    }
    where.and(
        "EXISTS (SELECT 1 FROM " + field.table() + " t WHERE " + entry.sql() + ")",
        entry.parameters().toArray());
  }

  private static void addAttribute(SqlConditions where, Comparison comparison) {
    Attribute attribute = Attribute.of(comparison.identifier());
    switch (attribute) {
      case START_TIME -> where.andComplement(attribute.sql(), comparison);
      case END_TIME -> where.andInteger(attribute.sql(), comparison);
      case STATUS, ARTIFACT_URI, USER_ID, RUN_NAME -> {
        if (comparison.operator().isList()) {
          throw new InvalidQueryException(
              "Invalid comparison: only 'run_id' may be compared by IN");
        }
        where.andText(attribute.sql(), comparison);
      }
      case RUN_ID -> where.andText(attribute.sql(), comparison);
    }
  }
}
