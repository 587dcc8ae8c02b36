package dev.unmask.lm.jinja;

/**
 * A word of a tag.
 *
 * @param kind what it is
 * @param text its characters; of a string, without quotes and escapes
 * @param line where it stands, from 1
 */
record Token(Kind kind, String text, int line) {

  enum Kind {
    NAME,
    STRING,
    NUMBER,
    OPERATOR,
    END
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }
}
