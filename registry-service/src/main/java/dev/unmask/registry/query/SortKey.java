package dev.unmask.registry.query;

/**
 * One key of a total order of rows. Rows that lack its value come last in both directions.
 *
 * @param sql the expression, written by code, never by callers
 * @param nullable whether rows may lack it; claimed without need, it hides the order of an index
 */
public record SortKey(String sql, Type type, boolean ascending, boolean nullable) {

  /** How a key's values are read and bound. */
  public enum Type {
    TEXT,
    INTEGER,
    NUMBER
  }

  /** Texts sort by code points, whatever the database's collation is. */
  public static SortKey text(String column, boolean ascending, boolean nullable) {
    return new SortKey("(" + column + " COLLATE \"C\")", Type.TEXT, ascending, nullable);
  }

  /** A {@code bigint} or {@code integer}. */
  public static SortKey integer(String expression, boolean ascending, boolean nullable) {
    return new SortKey(expression, Type.INTEGER, ascending, nullable);
  }

  /** A {@code double precision} that is never NaN: PostgreSQL would sort it as the greatest. */
  public static SortKey number(String expression, boolean ascending, boolean nullable) {
    return new SortKey(expression, Type.NUMBER, ascending, nullable);
  }
}
