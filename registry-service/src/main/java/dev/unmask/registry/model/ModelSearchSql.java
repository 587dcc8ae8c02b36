package dev.unmask.registry.model;

import dev.unmask.registry.query.Comparison;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifier;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.Operator;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.PageToken;
import dev.unmask.registry.query.SqlConditions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One search of models or versions as one parameterised statement. */
record ModelSearchSql(String text, Object[] parameters) {
  private static final Map<String, String> MODEL_COLUMNS =
      Map.of(
          "name", "m.name",
          "creation_timestamp", "m.created_at",
          "last_updated_timestamp", "m.updated_at");
  private static final Map<String, String> VERSION_COLUMNS =
      Map.of(
          "name", "m.name",
          "version_number", "v.version",
          "run_id", "v.run_id",
          "source_path", "v.source",
          "creation_timestamp", "v.created_at",
          "last_updated_timestamp", "v.updated_at");

  static ModelSearchSql models(
      String teamId, Filter filter, List<OrderClause> order, int most, PageToken start) {
    SqlConditions where = new SqlConditions().and("m.team_id = ?", teamId);
    filter
        .comparisons()
        .forEach(
            clause ->
                add(where, clause, MODEL_COLUMNS, "registered_model_tags", "t.model_uid = m.uid"));
    String orderBy = orderBy(order, MODEL_COLUMNS, "m.name");
    return of("SELECT m.uid FROM registered_models m", where, orderBy, most, start);
  }

  static ModelSearchSql versions(
      String teamId, Filter filter, List<OrderClause> order, int most, PageToken start) {
    SqlConditions where = new SqlConditions().and("m.team_id = ?", teamId).and("NOT v.deleted");
    filter
        .comparisons()
        .forEach(
            clause ->
                add(where, clause, VERSION_COLUMNS, "model_version_tags", "t.version_uid = v.uid"));
    String orderBy =
        order.isEmpty()
            ? "v.updated_at DESC, m.name, v.version DESC"
            : orderBy(order, VERSION_COLUMNS, "m.name, v.version DESC");
    return of(
        "SELECT v.uid FROM model_versions v JOIN registered_models m ON m.uid = v.model_uid",
        where,
        orderBy,
        most,
        start);
  }

  private static ModelSearchSql of(
      String select, SqlConditions where, String orderBy, int most, PageToken start) {
    List<Object> parameters = where.parameters();
    parameters.add(most + 1);
    parameters.add(start.offset());
    return new ModelSearchSql(
        select + " WHERE " + where.sql() + " ORDER BY " + orderBy + " LIMIT ? OFFSET ?",
        parameters.toArray());
  }

  private static void add(
      SqlConditions where,
      Comparison comparison,
      Map<String, String> columns,
      String tagTable,
      String owner) {
    Identifier identifier = comparison.identifier();
    if (identifier.isTag()) {
      addTag(where, comparison, tagTable, owner);
      return;
    }
    String column = column(identifier, columns);
    if (column.endsWith("_at") || column.equals("v.version")) {
      where.andNumber(column, comparison);
    } else {
      where.andText(column, comparison);
    }
  }

  /** Clients hide prompts by {@code !=}, which here has to match what lacks the tag. */
  private static void addTag(
      SqlConditions where, Comparison comparison, String tagTable, String owner) {
    if (comparison.operator() != Operator.NOT_EQUAL) {
      where.andEntry(tagTable, owner, comparison);
      return;
    }
    where.and(
        "NOT EXISTS (SELECT 1 FROM "
            + tagTable
            + " t WHERE "
            + owner
            + " AND t.key = ? AND t.value = ?)",
        comparison.identifier().key(),
        SqlConditions.textValue(comparison));
  }

  private static String orderBy(
      List<OrderClause> order, Map<String, String> columns, String finallyBy) {
    return order.stream()
        .map(
            clause ->
                column(clause.identifier(), columns)
                    + (clause.ascending() ? " ASC" : " DESC")
                    + ", ")
        .collect(Collectors.joining("", "", finallyBy));
  }

  private static String column(Identifier identifier, Map<String, String> columns) {
    String column = identifier.isAttribute() ? columns.get(identifier.key()) : null;
    if (column == null) {
      throw new InvalidQueryException(
          "Invalid attribute key '"
              + identifier
              + "': valid are "
              + columns.keySet().stream().sorted().toList()
              + " and tags.KEY");
    }
    return column;
  }
}
