package dev.unmask.registry.experiment;

import dev.unmask.registry.query.Comparison;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifier;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.Keyed;
import dev.unmask.registry.query.Keyset;
import dev.unmask.registry.query.KeysetToken;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.query.SortKey;
import dev.unmask.registry.query.SqlConditions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Finds experiments by name, times and tags. */
@Component
class ExperimentSearch {
  private final JdbcTemplate jdbc;

  ExperimentSearch(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * @param after the token of the page; null or empty for the first one
   */
  Page<Long> find(
      String teamId,
      Filter filter,
      List<OrderClause> order,
      ExperimentView view,
      int most,
      @Nullable String after) {
    SqlConditions conditions = new SqlConditions().and("e.team_id = ?", teamId);
    switch (view) {
      case ACTIVE_ONLY -> conditions.and("e.lifecycle = 'active'");
      case DELETED_ONLY -> conditions.and("e.lifecycle = 'deleted'");
      case ALL -> conditions.and("e.lifecycle <> 'purging'");
    }
    filter.comparisons().forEach(comparison -> add(conditions, comparison));
    Keyset keyset = keyset(order);
    String identity =
        String.join("\n", "experiments", teamId, view.name(), order.toString(), filter.toString());
    List<@Nullable Object> start = KeysetToken.decode(after, identity);
    if (start != null) {
      keyset.after(conditions, start);
    }
    List<Object> parameters = conditions.parameters();
    parameters.add(most + 1);
    List<Keyed<Long>> found =
        jdbc.query(
            "SELECT e.uid, "
                + keyset.columns()
                + " FROM experiments e WHERE "
                + conditions.sql()
                + " ORDER BY "
                + keyset.orderBy()
                + " LIMIT ?",
            (row, number) -> new Keyed<>(row.getLong(1), keyset.read(row, 2)),
            parameters.toArray());
    return Page.of(found, most, identity);
  }

  private static void add(SqlConditions conditions, Comparison comparison) {
    Identifier identifier = comparison.identifier();
    if (identifier.isTag()) {
      conditions.andEntry("experiment_tags", "t.experiment_uid = e.uid", comparison);
      return;
    }
    switch (column(identifier)) {
      case "e.name" -> conditions.andText("e.name", comparison);
      case String number -> conditions.andInteger(number, comparison);
    }
  }

  private static Keyset keyset(List<OrderClause> order) {
    List<SortKey> keys = new ArrayList<>();
    for (OrderClause clause : order) {
      String column = column(clause.identifier());
      keys.add(
          column.equals("e.name")
              ? SortKey.text(column, clause.ascending(), false)
              : SortKey.integer(column, clause.ascending(), false));
    }
    if (order.isEmpty()) {
      keys.add(SortKey.integer("e.created_at", false, false));
    }
    keys.add(SortKey.integer("e.number", !order.isEmpty(), false));
    return Keyset.of(keys);
  }

  private static String column(Identifier identifier) {
    if (identifier.isAttribute()) {
      switch (identifier.key()) {
        case "name":
          return "e.name";
        case "experiment_id":
          return "e.number";
        case "creation_time":
          return "e.created_at";
        case "last_update_time":
          return "e.updated_at";
        default:
          break;
      }
    }
    throw new InvalidQueryException(
        "Invalid attribute key '"
            + identifier
            + "': valid are name, experiment_id, creation_time, last_update_time and tags.KEY");
  }
}
