package dev.unmask.registry.query;

/** Comparison operators. */
public enum Operator {
  EQUAL("="),
  NOT_EQUAL("<>"),
  GREATER(">"),
  GREATER_OR_EQUAL(">="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  LIKE("LIKE"),
  ILIKE("ILIKE"),
  IN("IN"),
  NOT_IN("NOT IN");

  private final String sql;

  Operator(String sql) {
    this.sql = sql;
  }

  public String sql() {
    return sql;
  }

  /** As callers write it. */
  public String symbol() {
    return this == NOT_EQUAL ? "!=" : sql;
  }

  public boolean isOrdering() {
    return ordinal() >= GREATER.ordinal() && ordinal() <= LESS_OR_EQUAL.ordinal();
  }

  public boolean isList() {
    return this == IN || this == NOT_IN;
  }

  public boolean isPattern() {
    return this == LIKE || this == ILIKE;
  }
}
