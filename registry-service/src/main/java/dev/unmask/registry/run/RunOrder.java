package dev.unmask.registry.run;

import dev.unmask.registry.query.Identifier;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.Keyset;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.SortKey;
import dev.unmask.registry.run.SearchField.Attribute;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of runs {@code r}: the clauses, then newest first, then by id. By a metric, numbers
 * come first, then NaN, then runs without a value, in both directions.
 */
final class RunOrder {
  private final List<SortKey> keys = new ArrayList<>();
  private final StringBuilder joins = new StringBuilder();
  private final List<Object> parameters = new ArrayList<>();
  private int joined;

  RunOrder(List<OrderClause> clauses) {
    clauses.forEach(this::add);
    keys.add(Attribute.START_TIME.sortKey(false));
    keys.add(Attribute.RUN_ID.sortKey(true));
  }

  Keyset keyset() {
    return Keyset.of(keys);
  }

  /** This order within rows that are sorted by another key first. */
  Keyset keysetAfter(SortKey first) {
    List<SortKey> all = new ArrayList<>(List.of(first));
    all.addAll(keys);
    return Keyset.of(all);
  }

  /** Joins to the runs that the keys need. */
  String joins() {
    return joins.toString();
  }

  List<Object> parameters() {
    return parameters;
  }

  private void add(OrderClause clause) {
    Identifier identifier = clause.identifier();
    boolean ascending = clause.ascending();
    SearchField field = SearchField.of(identifier);
    switch (field) {
      case METRIC -> {
        String value = join(field, identifier) + ".latest_value";
        keys.add(
            SortKey.integer(
                "(CASE WHEN "
                    + value
                    + " IS NULL THEN 2 WHEN "
                    + value
                    + " = 'NaN' THEN 1"
                    + " ELSE 0 END)",
                true,
                false));
        keys.add(SortKey.number("nullif(" + value + ", 'NaN')", ascending, true));
      }
      case PARAM, TAG ->
          keys.add(SortKey.text(join(field, identifier) + ".value", ascending, true));
      case DATASET -> throw notOrderable(identifier);
      case ATTRIBUTE -> keys.add(orderable(identifier).sortKey(ascending));
    }
  }

  private String join(SearchField field, Identifier identifier) {
    String alias = "o" + joined++;
    joins.append(
        " LEFT JOIN %s %s ON %s.run_uid = r.uid AND %s.key = ?"
            .formatted(field.table(), alias, alias, alias));
    parameters.add(identifier.key());
    return alias;
  }

  private static Attribute orderable(Identifier identifier) {
    try {
      return Attribute.of(identifier);
    } catch (InvalidQueryException unknown) {
      throw notOrderable(identifier);
    }
  }

  private static InvalidQueryException notOrderable(Identifier identifier) {
    return new InvalidQueryException(
        "Invalid ordering key in order_by clause '" + identifier + "'");
  }
}
