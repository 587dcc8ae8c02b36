package dev.unmask.registry.query;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/** The right-hand side of a comparison. */
public sealed interface Literal {

  /** As a caller may write it: read again it is the same value. */
  String text();

  record Text(String value) implements Literal {
    @Override
    public String text() {
      return QueryScanner.quote(value, "'\"");
    }
  }

  /**
   * A decimal as it was written: a double would not hold every point in time or version exactly.
   *
   * @param value without trailing zeros, within the range of doubles
   */
  record Number(BigDecimal value) implements Literal {
    public Number {
      value = value.stripTrailingZeros();
    }

    @Override
    public String text() {
      return value.toString();
    }
  }

  /** In parentheses, after IN; never empty. */
  record Texts(List<String> values) implements Literal {
    @Override
    public String text() {
      return values.stream()
          .map(value -> QueryScanner.quote(value, "'\""))
          .collect(Collectors.joining(", ", "(", ")"));
    }
  }
}
