package dev.unmask.registry.query;

/** One clause of a filter. */
public record Comparison(Identifier identifier, Operator operator, Literal literal) {

  /** As a caller may write it: read again it is the same comparison. */
  public String text() {
    return identifier.text() + " " + operator.symbol() + " " + literal.text();
  }
}
