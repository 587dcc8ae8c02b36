package dev.unmask.registry.query;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the words of one filter or order clause from left to right. */
final class QueryScanner {
  private static final int LONGEST = 10_000;

  /** What MLflow takes, and a sign: no NaN, no infinity, no hexadecimal, no Java suffix. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");

  /** Decimals of the least double, rounded up. */
  private static final int MOST_DECIMALS = 1_100;

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

  Comparison comparison() {
    Identifier identifier = identifier();
    Operator operator = operator();
    int start = position;
    Literal literal = literal();
    // PostgreSQL would fail, as nothing follows that the backslash could quote.
    if (operator.isPattern()
        && literal instanceof Literal.Text(String pattern)
        && endsInLoneBackslash(pattern)) {
      position = start;
      throw invalid("a pattern must not end in one backslash, write two for a backslash, at");
    }
    return new Comparison(identifier, operator, literal);
  }

  /** {@code [entity.]key}, the key bare or in one of three kinds of quotes. */
  Identifier identifier() {
    if (atEnd()) {
      throw invalid("an identifier is missing at");
    }
    if (isQuote(text.charAt(position))) {
      return attribute(quoted());
    }
    String head = bare();
    int dot = head.indexOf('.');
    if (dot < 0) {
      return spacedAlias(head);
    }
    EntityKind kind = kind(head.substring(0, dot), position - head.length());
    String key = head.substring(dot + 1);
    if (key.isEmpty() && !atEnd() && isQuote(text.charAt(position))) {
      key = quoted();
    }
    skipBlanks();
    return kind == EntityKind.ATTRIBUTE ? attribute(key) : identifier(kind, key);
  }

  private EntityKind kind(String name, int start) {
    return EntityKind.named(name)
        .orElseThrow(
            () ->
                new InvalidQueryException(
                    "Invalid "
                        + what
                        + ": invalid entity type '"
                        + name
                        + "', valid are "
                        + EntityKind.words(),
                    text.codePointCount(0, start)));
  }

  private Identifier identifier(EntityKind kind, String key) {
    if (key.isEmpty()) {
      throw invalid("a key is missing at");
    }
    return new Identifier(kind, key);
  }

  /** The old spellings {@code run name} and {@code Run name} are two words. */
  private Identifier spacedAlias(String head) {
    skipBlanks();
    boolean two = head.equalsIgnoreCase("run") && skipWord("name");
    return attribute(two ? "run name" : head);
  }

  private Identifier attribute(String key) {
    return identifier(EntityKind.ATTRIBUTE, key.equalsIgnoreCase("run name") ? "run_name" : key);
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
    if (isStringQuote(first)) {
      return new Literal.Text(quoted());
    }
    return number();
  }

  private Literal.Number number() {
    int start = position;
    String word = bare();
    skipBlanks();
    if (!NUMBER.matcher(word).matches()) {
      position = start;
      throw invalid("expected a number or a quoted string at");
    }
    BigDecimal value = new BigDecimal(word);
    if (Double.isInfinite(value.doubleValue()) || value.scale() > MOST_DECIMALS) {
      position = start;
      throw invalid("expected a number within the range of doubles at");
    }
    return new Literal.Number(value);
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
      if (atEnd() || !isStringQuote(text.charAt(position))) {
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

  /** Whether the key needs no quotes after its entity. */
  static boolean isBare(String key) {
    return !key.isEmpty() && key.chars().allMatch(c -> isBareCharacter((char) c));
  }

  /**
   * The text in the first of the quotes that it does not hold; what was read holds not all.
   *
   * @throws IllegalArgumentException when it holds them all
   */
  static String quote(String text, String quotes) {
    for (int i = 0; i < quotes.length(); i++) {
      char quote = quotes.charAt(i);
      if (text.indexOf(quote) < 0) {
        return quote + text + quote;
      }
    }
    throw new IllegalArgumentException("holds each of the quotes " + quotes + ": " + text);
  }

  private static boolean endsInLoneBackslash(String pattern) {
    int backslashes = 0;
    while (backslashes < pattern.length()
        && pattern.charAt(pattern.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private static boolean isQuote(char c) {
    return c == '`' || isStringQuote(c);
  }

  private static boolean isStringQuote(char c) {
    return c == '\'' || c == '"';
  }

  private static boolean isWordCharacter(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private static boolean isBareCharacter(char c) {
    return isWordCharacter(c) || c == '.' || c == '-' || c == '/' || c == ':' || c == '+';
  }

  private InvalidQueryException invalid(String why) {
    int shown = Math.min(40, text.codePointCount(position, text.length()));
    String rest = text.substring(position, text.offsetByCodePoints(position, shown));
    return new InvalidQueryException(
        "Invalid " + what + ": " + why + " '" + rest + "'", text.codePointCount(0, position));
  }
}
