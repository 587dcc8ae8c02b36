package dev.unmask.lm.jinja;

import dev.unmask.lm.jinja.Expression.Literal;

/** Values that are written out. */
final class Literals {

  private Literals() {}

  /** A truth value, none, or else a variable. */
  static Expression named(String name) {
    return switch (name) {
      case "true", "True" -> new Literal(true);
      case "false", "False" -> new Literal(false);
      case "none", "None" -> new Literal(null);
      default -> new Expression.Name(name);
    };
  }

  /** A string and those that stand directly behind it. */
  static Literal string(Token first, TokenReader tokens) {
    StringBuilder text = new StringBuilder(first.text());
    while (tokens.peek().kind() == Token.Kind.STRING) {
      text.append(tokens.next().text());
    }
    return new Literal(text.toString());
  }

  /** A whole number, or one with a decimal point. */
  static Literal number(Token token) {
    try {
      return new Literal(
          token.text().contains(".")
              ? (Object) Double.valueOf(token.text())
              : (Object) Long.valueOf(token.text()));
    } catch (NumberFormatException e) {
      throw new JinjaException("line %d: no number: %s".formatted(token.line(), token.text()), e);
    }
  }
}
