package dev.unmask.registry.mlflow;

import dev.unmask.registry.loggedmodel.LoggedModelSearch;
import dev.unmask.registry.loggedmodel.LoggedModelSearch.MeasuredOn;
import dev.unmask.registry.loggedmodel.LoggedModelSearch.Order;
import dev.unmask.registry.query.EntityKind;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifier;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads searches of logged models, whose order comes as messages and not as one text. */
final class LoggedModelQuery {
  private static final int USUAL = 100;
  private static final int MOST = 50_000;
  private static final int MOST_CLAUSES = 100;

  private LoggedModelQuery() {}

  static LoggedModelSearch of(MlflowRequest request) {
    List<Long> experiments =
        request.texts("experiment_ids").stream().map(ExperimentIds::parse).toList();
    if (experiments.isEmpty()) {
      throw request.missing("experiment_ids");
    }
    return new LoggedModelSearch(
        experiments,
        Filter.parse(request.text("filter")),
        datasets(request.messages("datasets")),
        order(request.messages("order_by")),
        request.maxResults(USUAL, MOST),
        PageCursor.of(request));
  }

  private static List<MeasuredOn> datasets(List<MlflowRequest> datasets) {
    atMost("datasets", datasets.size());
    return datasets.stream()
        .map(dataset -> new MeasuredOn(dataset.required("dataset_name"), digestOf(dataset)))
        .toList();
  }

  private static List<Order> order(List<MlflowRequest> clauses) {
    atMost("order_by", clauses.size());
    Set<Order> seen = new HashSet<>();
    List<Order> order = clauses.stream().map(LoggedModelQuery::clause).toList();
    for (Order clause : order) {
      if (!seen.add(new Order(clause.identifier(), true, clause.measuredOn()))) {
        throw MlflowRequest.fault("`order_by` contains duplicate fields: " + clause.identifier());
      }
    }
    return order;
  }

  private static Order clause(MlflowRequest clause) {
    boolean ascending = !clause.has("ascending") || clause.bool("ascending");
    String name = clause.text("dataset_name", "");
    if (name.isEmpty() && digestOf(clause) != null) {
      throw clause.missing("dataset_name");
    }
    return new Order(
        field(clause.required("field_name")),
        ascending,
        name.isEmpty() ? null : new MeasuredOn(name, digestOf(clause)));
  }

  /** Unlike in the order of runs, a key stands as it is: it may hold blanks without quotes. */
  private static Identifier field(String name) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      return new Identifier(EntityKind.ATTRIBUTE, name);
    }
    String key = name.substring(dot + 1);
    boolean quoted = key.length() > 1 && key.startsWith("`") && key.endsWith("`");
    String kind = name.substring(0, dot);
    return new Identifier(
        EntityKind.named(kind)
            .orElseThrow(
                () ->
                    MlflowRequest.fault(
                        "Invalid order by field name: '"
                            + name
                            + "'. Order by attributes or by metrics.KEY")),
        quoted ? key.substring(1, key.length() - 1) : key);
  }

  private static @Nullable String digestOf(MlflowRequest message) {
    String digest = message.text("dataset_digest", "");
    return digest.isEmpty() ? null : digest;
  }

  private static void atMost(String field, int count) {
    if (count > MOST_CLAUSES) {
      throw MlflowRequest.fault(
          "Invalid value for parameter '" + field + "': at most " + MOST_CLAUSES + " items");
    }
  }
}
