package dev.unmask.registry.experiment;

import dev.unmask.registry.query.Comparison;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifier;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.query.PageToken;
import dev.unmask.registry.query.SqlConditions;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Finds experiments by name, times and tags. */
@Component
class ExperimentSearch {
  private final JdbcTemplate jdbc;

  ExperimentSearch(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  Page<Long> find(
      String teamId,
      Filter filter,
      List<OrderClause> order,
      ExperimentView view,
      int most,
      PageToken start) {
    SqlConditions conditions = new SqlConditions().and("e.team_id = ?", teamId);
    switch (view) {
      case ACTIVE_ONLY -> conditions.and("e.lifecycle = 'active'");
      case DELETED_ONLY -> conditions.and("e.lifecycle = 'deleted'");
      case ALL -> {}
    }
    filter.comparisons().forEach(comparison -> add(conditions, comparison));
    List<Object> parameters = conditions.parameters();
    parameters.add(most + 1);
    parameters.add(start.offset());
    List<Long> uids =
        jdbc.query(
            "SELECT e.uid FROM experiments e WHERE "
                + conditions.sql()
                + " ORDER BY "
                + orderBy(order)
                + " LIMIT ? OFFSET ?",
            (row, number) -> row.getLong(1),
            parameters.toArray());
    return Page.of(uids, most, start);
  }

  private static void add(SqlConditions conditions, Comparison comparison) {
    Identifier identifier = comparison.identifier();
    if (identifier.isTag()) {
      conditions.andEntry("experiment_tags", "t.experiment_uid = e.uid", comparison);
      return;
    }
    switch (column(identifier)) {
      case "e.name" -> conditions.andText("e.name", comparison);
      case String number -> conditions.andNumber(number, comparison);
    }
  }

  private static String orderBy(List<OrderClause> order) {
    if (order.isEmpty()) {
      return "e.created_at DESC, e.number DESC";
    }
    return order.stream()
            .map(clause -> column(clause.identifier()) + (clause.ascending() ? " ASC" : " DESC"))
            .collect(Collectors.joining(", "))
        + ", e.number";
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
