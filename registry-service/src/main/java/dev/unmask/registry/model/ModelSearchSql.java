package dev.unmask.registry.model;

import dev.unmask.registry.query.Comparison;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifier;
import dev.unmask.registry.query.InvalidQueryException;
import dev.unmask.registry.query.Keyed;
import dev.unmask.registry.query.Keyset;
import dev.unmask.registry.query.KeysetToken;
import dev.unmask.registry.query.Operator;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.query.SortKey;
import dev.unmask.registry.query.SqlConditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** A page of a search of models or versions as one parameterised statement. */
record ModelSearchSql(String text, Object[] parameters, Keyset keyset, int most, String identity) {
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
      String teamId, Filter filter, List<OrderClause> order, int most, @Nullable String after) {
    SqlConditions where = new SqlConditions().and("m.team_id = ?", teamId);
    filter
        .comparisons()
        .forEach(
            clause ->
                add(where, clause, MODEL_COLUMNS, "registered_model_tags", "t.model_uid = m.uid"));
    List<SortKey> keys = keys(order, MODEL_COLUMNS);
    keys.add(sortKey("m.name", true));
    return of(
        "SELECT m.uid, %s FROM registered_models m",
        where,
        Keyset.of(keys),
        most,
        after,
        String.join("\n", "models", teamId, order.toString(), filter.toString()));
  }

  static ModelSearchSql versions(
      String teamId, Filter filter, List<OrderClause> order, int most, @Nullable String after) {
    SqlConditions where = new SqlConditions().and("m.team_id = ?", teamId).and("NOT v.deleted");
    filter
        .comparisons()
        .forEach(
            clause ->
                add(where, clause, VERSION_COLUMNS, "model_version_tags", "t.version_uid = v.uid"));
    List<SortKey> keys = keys(order, VERSION_COLUMNS);
    if (order.isEmpty()) {
      keys.add(sortKey("v.updated_at", false));
    }
    keys.add(sortKey("m.name", true));
    keys.add(sortKey("v.version", false));
    return of(
        "SELECT v.uid, %s FROM model_versions v JOIN registered_models m ON m.uid = v.model_uid",
        where,
        Keyset.of(keys),
        most,
        after,
        String.join("\n", "versions", teamId, order.toString(), filter.toString()));
  }

  private static ModelSearchSql of(
      String select,
      SqlConditions where,
      Keyset keyset,
      int most,
      @Nullable String after,
      String identity) {
    List<@Nullable Object> start = KeysetToken.decode(after, identity);
    if (start != null) {
      keyset.after(where, start);
    }
    List<Object> parameters = where.parameters();
    parameters.add(most + 1);
    String text =
        select.formatted(keyset.columns())
            + " WHERE "
            + where.sql()
            + " ORDER BY "
            + keyset.orderBy()
            + " LIMIT ?";
    return new ModelSearchSql(text, parameters.toArray(), keyset, most, identity);
  }

  /** Reads the uids of one page. */
  Page<Long> page(JdbcTemplate jdbc) {
    return Page.of(
        jdbc.query(
            text, (row, number) -> new Keyed<>(row.getLong(1), keyset.read(row, 2)), parameters),
        most,
        identity);
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
    if (isNumber(column)) {
      where.andInteger(column, comparison);
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

  private static List<SortKey> keys(List<OrderClause> order, Map<String, String> columns) {
    List<SortKey> keys = new ArrayList<>();
    order.forEach(
        clause -> keys.add(sortKey(column(clause.identifier(), columns), clause.ascending())));
    return keys;
  }

  private static SortKey sortKey(String column, boolean ascending) {
    return isNumber(column)
        ? SortKey.integer(column, ascending, false)
        : SortKey.text(column, ascending, column.equals("v.run_id"));
  }

  private static boolean isNumber(String column) {
    return column.endsWith("_at") || column.equals("v.version");
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
