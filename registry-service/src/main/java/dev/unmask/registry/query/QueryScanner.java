package dev.unmask.registry.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the words of one filter or order clause from left to right. */
final class QueryScanner {
  private static final int LONGEST = 10_000;

  private final String text;
  private final String what;
  private int position;

  QueryScanner(String text, String what) {
    if (text.length() > LONGEST) {
      throw new InvalidQueryException(
          "Invalid " + what + ": at most " + LONGEST + " characters, has " + text.length());
    }
    this.text = text;
    this.what = what;
    skipBlanks();
  }

  boolean atEnd() {
    return position == text.length();
  }

  void expectEnd() {
    if (!atEnd()) {
      throw invalid("unexpected");
    }
  }

  /** {@code [entity.]key}, the key bare or in one of three kinds of quotes. */
  Identifier identifier() {
    if (atEnd()) {
      throw invalid("an identifier is missing at");
    }
    if (isQuote(text.charAt(position))) {
      return new Identifier(null, quoted());
    }
    String head = bare();
    int dot = head.indexOf('.');
    if (dot < 0) {
      return spacedAlias(head);
    }
    String entity = head.substring(0, dot).toLowerCase(Locale.ROOT);
    String key = head.substring(dot + 1);
    if (key.isEmpty() && !atEnd() && isQuote(text.charAt(position))) {
      key = quoted();
    }
    skipBlanks();
    if (key.isEmpty()) {
      throw invalid("a key is missing at");
    }
    return new Identifier(entity, key);
  }

  /** The old spellings {@code run name} and {@code Run name} are two words. */
  private Identifier spacedAlias(String head) {
    skipBlanks();
    if (head.equalsIgnoreCase("run") && skipWord("name")) {
      return new Identifier(null, "run_name");
    }
    return new Identifier(null, head);
  }

  Operator operator() {
    if (skipWord("NOT")) {
      if (skipWord("IN")) {
        return Operator.NOT_IN;
      }
      throw invalid("only IN may follow NOT, at");
    }
    for (Operator word : List.of(Operator.ILIKE, Operator.LIKE, Operator.IN)) {
      if (skipWord(word.sql())) {
        return word;
      }
    }
    return symbol();
  }

  private Operator symbol() {
    String[] symbols = {">=", "<=", "!=", "=", ">", "<"};
    Operator[] operators = {
      Operator.GREATER_OR_EQUAL,
      Operator.LESS_OR_EQUAL,
      Operator.NOT_EQUAL,
      Operator.EQUAL,
      Operator.GREATER,
      Operator.LESS
    };
    for (int i = 0; i < symbols.length; i++) {
      if (text.startsWith(symbols[i], position)) {
        position += symbols[i].length();
        skipBlanks();
        return operators[i];
      }
    }
    throw invalid("a comparison operator is missing at");
  }

  Literal literal() {
    if (atEnd()) {
      throw invalid("a value is missing at");
    }
    char first = text.charAt(position);
    if (first == '(') {
      return new Literal.Texts(list());
    }
    if (first == '\'' || first == '"') {
      return new Literal.Text(quoted());
    }
    int start = position;
    String word = bare();
    skipBlanks();
    try {
      return new Literal.Number(Double.parseDouble(word));
    } catch (NumberFormatException notANumber) {
      position = start;
      throw invalid("expected a number or a quoted string at");
    }
  }

  boolean skipWord(String word) {
    int end = position + word.length();
    if (!text.regionMatches(true, position, word, 0, word.length())
        || (end < text.length() && isWordCharacter(text.charAt(end)))) {
      return false;
    }
    position = end;
    skipBlanks();
    return true;
  }

  private List<String> list() {
    List<String> values = new ArrayList<>();
    do {
      position++;
      skipBlanks();
      if (atEnd() || !isQuote(text.charAt(position))) {
        throw invalid("expected a quoted string at");
      }
      values.add(quoted());
    } while (!atEnd() && text.charAt(position) == ',');
    if (atEnd() || text.charAt(position) != ')') {
      throw invalid("expected a closing parenthesis at");
    }
    position++;
    skipBlanks();
    return values;
  }

  private String quoted() {
    int end = text.indexOf(text.charAt(position), position + 1);
    if (end < 0) {
      throw invalid("a quote is not closed at");
    }
    String inner = text.substring(position + 1, end);
    position = end + 1;
    skipBlanks();
    return inner;
  }

  private String bare() {
    int start = position;
    while (!atEnd() && isBareCharacter(text.charAt(position))) {
      position++;
    }
    if (start == position) {
      throw invalid("unexpected");
    }
    return text.substring(start, position);
  }

  private void skipBlanks() {
    while (!atEnd() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  private static boolean isQuote(char c) {
    return c == '\'' || c == '"' || c == '`';
  }

  private static boolean isWordCharacter(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private static boolean isBareCharacter(char c) {
    return isWordCharacter(c) || c == '.' || c == '-' || c == '/' || c == ':' || c == '+';
  }

  private InvalidQueryException invalid(String why) {
    String rest = text.substring(position, Math.min(text.length(), position + 40));
    return new InvalidQueryException("Invalid " + what + ": " + why + " '" + rest + "'");
  }
}
