package dev.unmask.registry.query;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * The comparison of a {@code bigint} column with a decimal, as one of whole numbers. A double would
 * not hold every point in time, and its index would not serve: PostgreSQL would compare doubles.
 *
 * @param sql holds for no row where the column is null
 * @param parameters at most one {@link Long}
 */
record WholeNumberCondition(String sql, List<Long> parameters) {
  private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal GREATEST = BigDecimal.valueOf(Long.MAX_VALUE);

  /**
   * @param operator an ordering, or equality
   */
  static WholeNumberCondition of(String column, Operator operator, BigDecimal value) {
    BigDecimal below = value.setScale(0, RoundingMode.FLOOR);
    boolean whole = below.compareTo(value) == 0;
    boolean tooSmall = below.compareTo(LEAST) < 0;
    boolean tooGreat = below.compareTo(GREATEST) > 0;
    if (whole && !tooSmall && !tooGreat) {
      return against(column, operator, value);
    }
    return switch (operator) {
      case NOT_EQUAL -> any(column);
      case GREATER, GREATER_OR_EQUAL ->
          tooGreat ? none() : tooSmall ? any(column) : against(column, Operator.GREATER, below);
      case LESS, LESS_OR_EQUAL ->
          tooSmall
              ? none()
              : tooGreat ? any(column) : against(column, Operator.LESS_OR_EQUAL, below);
      case EQUAL, LIKE, ILIKE, IN, NOT_IN -> none();
    };
  }

  private static WholeNumberCondition against(String column, Operator operator, BigDecimal value) {
    return new WholeNumberCondition(
        column + " " + operator.sql() + " ?", List.of(value.longValueExact()));
  }

  private static WholeNumberCondition any(String column) {
    return new WholeNumberCondition(column + " IS NOT NULL", List.of());
  }

  private static WholeNumberCondition none() {
    return new WholeNumberCondition("FALSE", List.of());
  }
}
