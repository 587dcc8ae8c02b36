package dev.unmask.registry.query;

import dev.unmask.registry.query.Literal.Number;
import dev.unmask.registry.query.Literal.Text;
import dev.unmask.registry.query.Literal.Texts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Conditions joined by AND, with their parameters in order. Only code writes SQL here; whatever a
 * caller wrote becomes a parameter.
 */
public final class SqlConditions {
  private final StringBuilder sql = new StringBuilder("TRUE");
  private final List<Object> parameters = new ArrayList<>();

  public SqlConditions and(String condition, Object... values) {
    sql.append(" AND ").append(condition);
    parameters.addAll(List.of(values));
    return this;
  }

  /** Compares a text column. */
  public SqlConditions andText(String column, Comparison comparison) {
    return and(column + " " + textTest(comparison), textValue(comparison));
  }

  /**
   * Compares the value of a key in a table of keys and values. An owner that lacks the key never
   * matches, not even with {@code !=}.
   *
   * @param owner the condition that ties the rows {@code t} to their owner
   */
  public SqlConditions andEntry(String table, String owner, Comparison comparison) {
    return and(
        "EXISTS (SELECT 1 FROM "
            + table
            + " t WHERE "
            + owner
            + " AND t.key = ? AND t.value "
            + textTest(comparison)
            + ")",
        comparison.identifier().key(),
        textValue(comparison));
  }

  /** Compares a {@code bigint} exactly; rows where it is unset never match. */
  public SqlConditions andInteger(String column, Comparison comparison) {
    WholeNumbers.add(this, column, comparison, false);
    return this;
  }

  /**
   * Compares a {@code bigint} of which the column is the bitwise complement: ascending by it is
   * descending by the number.
   */
  public SqlConditions andComplement(String column, Comparison comparison) {
    WholeNumbers.add(this, column, comparison, true);
    return this;
  }

  /** Requires one of the values; a single one by {@code =}, which keeps the order of an index. */
  public SqlConditions andOneOf(String column, Object[] values) {
    return values.length == 1
        ? and(column + " = ?", values[0])
        : and(column + " = ANY (?)", (Object) values);
  }

  /** Adds all of the other conditions. */
  public SqlConditions andAll(SqlConditions others) {
    sql.append(" AND ").append(others.sql);
    parameters.addAll(others.parameters);
    return this;
  }

  /** {@code = ?} and the like, for texts. */
  public static String textTest(Comparison comparison) {
    Operator operator = comparison.operator();
    return switch (operator) {
      case EQUAL, NOT_EQUAL, LIKE -> operator.sql() + " ?";
      // By Unicode's letters wherever the database was made; its own locale may know ASCII only.
      case ILIKE -> "COLLATE \"pg_c_utf8\" ILIKE ?";
      case IN -> "= ANY (?)";
      case NOT_IN -> "<> ALL (?)";
      case GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL ->
          throw new InvalidQueryException(
              "Invalid comparison: '"
                  + comparison.identifier()
                  + "' is text and has no operator "
                  + operator.sql());
    };
  }

  public static Object textValue(Comparison comparison) {
    return switch (comparison.literal()) {
      case Text(String value) when !comparison.operator().isList() -> value;
      case Texts(List<String> values) when comparison.operator().isList() ->
          values.toArray(String[]::new);
      case Text text -> throw expected(comparison, "a list in parentheses");
      case Texts texts -> throw expected(comparison, "a quoted string");
      case Number number -> throw expected(comparison, "a quoted string");
    };
  }

  public static String numberTest(Comparison comparison) {
    if (comparison.operator().isPattern() || comparison.operator().isList()) {
      throw new InvalidQueryException(
          "Invalid comparison: '"
              + comparison.identifier()
              + "' is a number and has no operator "
              + comparison.operator().sql());
    }
    return comparison.operator().sql() + " ?";
  }

  /** The double nearest to the number. */
  public static double numberValue(Comparison comparison) {
    return number(comparison).value().doubleValue();
  }

  /** The number as it was written. */
  static BigDecimal exactValue(Comparison comparison) {
    return number(comparison).value();
  }

  private static Number number(Comparison comparison) {
    if (comparison.literal() instanceof Number number) {
      return number;
    }
    throw expected(comparison, "a number");
  }

  public String sql() {
    return sql.toString();
  }

  public List<Object> parameters() {
    return parameters;
  }

  private static InvalidQueryException expected(Comparison comparison, String what) {
    return new InvalidQueryException(
        "Invalid comparison: '" + comparison.identifier() + "' must be compared with " + what);
  }
}
