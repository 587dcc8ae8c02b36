package dev.unmask.registry.run;

import dev.unmask.registry.query.Keyset;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.SortKey;
import dev.unmask.registry.query.SqlConditions;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The parameterised statements of one search. A search that is ordered by a metric first reads the
 * index of its latest values, and only when those end the runs of NaN and those without a value:
 * three statements, of which a page seldom needs more than one. Any other search is one statement.
 * Each reads every experiment by itself, so that an index gives the order, and merges.
 */
final class RunSearchSql {
  private static final String OF_SERIES = "metric_series s JOIN runs r ON r.uid = s.run_uid";

  private final RunSearch search;
  private final RunScope scope;
  private final RunOrder order;
  private final List<Stage> stages;

  /** Which of the runs a statement finds; all of a stage come before all of the next. */
  enum Stage {
    ALL,
    NUMBERS,
    NAN,
    MISSING
  }

  record Statement(String text, Object[] parameters) {}

  RunSearchSql(RunSearch search, RunScope scope) {
    this.search = search;
    this.scope = scope;
    // Faults of the filter are told even where there is nothing to search.
    RunConditions.add(new SqlConditions(), scope, search.filter());
    List<OrderClause> clauses = search.order();
    boolean staged =
        scope.isNarrow()
            && !clauses.isEmpty()
            && SearchField.of(clauses.getFirst().identifier()) == SearchField.METRIC;
    this.order = new RunOrder(staged ? clauses.subList(1, clauses.size()) : clauses);
    if (!staged) {
      this.stages = List.of(Stage.ALL);
    } else if (RunConditions.requireMetric(search.filter(), metric())) {
      this.stages = List.of(Stage.NUMBERS, Stage.NAN);
    } else {
      this.stages = List.of(Stage.NUMBERS, Stage.NAN, Stage.MISSING);
    }
  }

  List<Stage> stages() {
    return stages;
  }

  Keyset keyset(Stage stage) {
    boolean ascending = search.order().isEmpty() || search.order().getFirst().ascending();
    return stage == Stage.NUMBERS
        ? order.keysetAfter(SortKey.number("s.latest_value", ascending, false))
        : order.keyset();
  }

  /**
   * @param after the position that the rows come after; null for the first
   */
  Statement statement(Stage stage, @Nullable List<@Nullable Object> after, int most) {
    Keyset keyset = keyset(stage);
    List<RunScope> parts =
        stage == Stage.NUMBERS || stage == Stage.NAN
            ? scope.byExperiment()
            : scope.byExperimentAndLifecycle();
    StringJoiner union = new StringJoiner(") UNION ALL (", "(", ")");
    List<Object> parameters = new ArrayList<>();
    for (RunScope part : parts) {
      SqlConditions where = conditions(stage, part);
      if (after != null) {
        keyset.after(where, after);
      }
      union.add(
          "SELECT "
              + RunRows.COLUMNS
              + ", "
              + keyset.columns()
              + " FROM "
              + (stage == Stage.NUMBERS || stage == Stage.NAN ? OF_SERIES : "runs r")
              + order.joins()
              + " WHERE "
              + where.sql()
              + " ORDER BY "
              + keyset.orderBy()
              + " LIMIT ?");
      parameters.addAll(order.parameters());
      parameters.addAll(where.parameters());
      parameters.add(most);
    }
    if (parts.size() == 1) {
      return new Statement(union.toString(), parameters.toArray());
    }
    parameters.add(most);
    return new Statement(
        "SELECT * FROM (" + union + ") AS merged ORDER BY " + keyset.orderBy() + " LIMIT ?",
        parameters.toArray());
  }

  private SqlConditions conditions(Stage stage, RunScope part) {
    return switch (stage) {
      case ALL -> {
        SqlConditions where = part.runs();
        RunConditions.add(where, part, search.filter());
        yield where;
      }
      case NUMBERS -> ofSeries(part, "s.latest_value < 'NaN'");
      case NAN -> ofSeries(part, "s.latest_value = 'NaN'");
      case MISSING -> {
        SqlConditions where = part.runs();
        RunConditions.add(where, part, search.filter());
        yield where.and(
            "NOT EXISTS (SELECT 1 FROM metric_series s WHERE s.run_uid = r.uid AND s.key = ?)",
            metric());
      }
    };
  }

  private SqlConditions ofSeries(RunScope part, String values) {
    SqlConditions where = part.series(metric()).and(values).andAll(part.runsOfSeries());
    RunConditions.addBesideSeries(where, part, search.filter(), metric());
    return where;
  }

  private String metric() {
    return search.order().getFirst().identifier().key();
  }
}
