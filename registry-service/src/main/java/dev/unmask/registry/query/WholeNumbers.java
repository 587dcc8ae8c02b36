package dev.unmask.registry.query;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Comparisons of {@code bigint} columns with what a caller wrote, which may be a fraction or beyond
 * them. Bound as a double, the literal would be inexact above 2^53 and hide the column's index.
 */
final class WholeNumbers {
  private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal GREATEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private WholeNumbers() {}

  /**
   * @param complement whether the column holds the bitwise complement, which sorts in reverse
   */
  static void add(SqlConditions where, String column, Comparison comparison, boolean complement) {
    SqlConditions.numberTest(comparison);
    Operator operator = comparison.operator();
    BigDecimal exact = SqlConditions.exactValue(comparison);
    boolean below = exact.compareTo(LEAST) < 0;
    boolean above = exact.compareTo(GREATEST) > 0;
    boolean whole = exact.signum() == 0 || exact.stripTrailingZeros().scale() <= 0;
    switch (operator) {
      case EQUAL, NOT_EQUAL -> {
        if (below || above || !whole) {
          where.and(operator == Operator.EQUAL ? "FALSE" : column + " IS NOT NULL");
        } else {
          compare(where, column, operator, exact.longValueExact(), complement);
        }
      }
      case GREATER, GREATER_OR_EQUAL -> {
        if (below || above) {
          where.and(above ? "FALSE" : column + " IS NOT NULL");
        } else {
          long floor = exact.setScale(0, RoundingMode.FLOOR).longValueExact();
          compare(where, column, whole ? operator : Operator.GREATER, floor, complement);
        }
      }
      case LESS, LESS_OR_EQUAL -> {
        if (below || above) {
          where.and(below ? "FALSE" : column + " IS NOT NULL");
        } else {
          long ceiling = exact.setScale(0, RoundingMode.CEILING).longValueExact();
          compare(where, column, whole ? operator : Operator.LESS, ceiling, complement);
        }
      }
      case LIKE, ILIKE, IN, NOT_IN -> throw new IllegalStateException("refused before");
    }
  }

  private static void compare(
      SqlConditions where, String column, Operator operator, long value, boolean complement) {
    if (complement) {
      where.and(column + " " + reversed(operator).sql() + " ?", ~value);
    } else {
      where.and(column + " " + operator.sql() + " ?", value);
    }
  }

  private static Operator reversed(Operator operator) {
    return switch (operator) {
      case GREATER -> Operator.LESS;
      case GREATER_OR_EQUAL -> Operator.LESS_OR_EQUAL;
      case LESS -> Operator.GREATER;
      case LESS_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
      case EQUAL, NOT_EQUAL, LIKE, ILIKE, IN, NOT_IN -> operator;
    };
  }
}
