package dev.unmask.lm.jinja;

import dev.unmask.lm.jinja.Token.Kind;
import java.util.List;

/** The tokens of one tag, read from left to right. */
final class TokenReader {

  private final List<Token> tokens;
  private int at;

  TokenReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peekSecond() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  boolean takeOperator(String operator) {
    boolean found = peek().isOperator(operator);
    if (found) {
      next();
    }
    return found;
  }

  boolean takeName(String name) {
    boolean found = peek().isName(name);
    if (found) {
      next();
    }
    return found;
  }

  void expectOperator(String operator) {
    if (!takeOperator(operator)) {
      throw fault("\"" + operator + "\"");
    }
  }

  void expectName(String name) {
    if (!takeName(name)) {
      throw fault("\"" + name + "\"");
    }
  }

  String name() {
    if (peek().kind() != Kind.NAME) {
      throw fault("a name");
    }
    return next().text();
  }

  boolean atEnd() {
    return peek().kind() == Kind.END;
  }

  void expectEnd() {
    if (!atEnd()) {
      throw fault("the end of the tag");
    }
  }

  JinjaException fault(String expected) {
    Token token = peek();
    String found = token.kind() == Kind.END ? "the end of the tag" : "\"" + token.text() + "\"";
    return new JinjaException(
        "line %d: expected %s, found %s".formatted(token.line(), expected, found));
  }
}
