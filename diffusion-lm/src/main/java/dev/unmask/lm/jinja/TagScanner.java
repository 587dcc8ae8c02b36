package dev.unmask.lm.jinja;

import dev.unmask.lm.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts the inside of one tag into tokens, up to its closing delimiter. */
final class TagScanner {

  private static final List<String> OPERATORS =
      List.of(
          "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")",
          "[", "]", "{", "}", ",", ":", ".", "|");

  private final String source;
  private final String close;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line;
  private int depth;
  private boolean stripsAfter;

  /**
   * @param at first character after the opening delimiter
   * @param close the closing delimiter
   */
  TagScanner(String source, int at, int line, String close) {
    this.source = source;
    this.at = at;
    this.line = line;
    this.close = close;
  }

  /** Reads to the end of the tag; {@link #end} is then one past its closing delimiter. */
  List<Token> scan() {
    while (!atClose()) {
      char next = source.charAt(at);
      if (Character.isWhitespace(next)) {
        line += next == '\n' ? 1 : 0;
        at++;
      } else if (next == '\'' || next == '"') {
        string(next);
      } else if (next >= '0' && next <= '9') {
        number();
      } else if (Character.isLetter(next) || next == '_') {
        name();
      } else {
        operator();
      }
    }
    tokens.add(new Token(Kind.END, "", line));
    return tokens;
  }

  int end() {
    return at;
  }

  boolean stripsAfter() {
    return stripsAfter;
  }

  private boolean atClose() {
    if (at >= source.length()) {
      throw new JinjaException("line %d: expected %s, the template ends".formatted(line, close));
    }
    if (depth == 0 && source.startsWith("-" + close, at)) {
      stripsAfter = true;
      at += 1 + close.length();
      return true;
    }
    if (depth == 0 && source.startsWith(close, at)) {
      at += close.length();
      return true;
    }
    return false;
  }

  private void string(char quote) {
    int startLine = line;
    StringBuilder text = new StringBuilder();
    at++;
    while (at < source.length() && source.charAt(at) != quote) {
      char next = source.charAt(at++);
      line += next == '\n' ? 1 : 0;
      if (next == '\\' && at < source.length()) {
        escape(text);
      } else {
        text.append(next);
      }
    }
    if (at >= source.length()) {
      throw new JinjaException("line %d: the string has no end".formatted(startLine));
    }
    at++;
    tokens.add(new Token(Kind.STRING, text.toString(), startLine));
  }

  private void escape(StringBuilder text) {
    char escaped = source.charAt(at++);
    switch (escaped) {
      case 'n' -> text.append('\n');
      case 't' -> text.append('\t');
      case 'r' -> text.append('\r');
      case '\\', '\'', '"' -> text.append(escaped);
      case 'u' -> text.append((char) hexadecimal(4));
      case 'x' -> text.append((char) hexadecimal(2));
      default -> text.append('\\').append(escaped);
    }
  }

  private int hexadecimal(int digits) {
    try {
      int end = Math.min(source.length(), at + digits);
      int value = Integer.parseInt(source, at, end, 16);
      at = end;
      return value;
    } catch (NumberFormatException e) {
      throw new JinjaException("line %d: expected %d hex digits".formatted(line, digits), e);
    }
  }

  private void number() {
    int start = at;
    while (at < source.length() && isNumberPart(at)) {
      at++;
    }
    tokens.add(new Token(Kind.NUMBER, source.substring(start, at).replace("_", ""), line));
  }

  private boolean isNumberPart(int index) {
    char next = source.charAt(index);
    boolean pointBeforeDigit =
        next == '.' && index + 1 < source.length() && Character.isDigit(source.charAt(index + 1));
    return (next >= '0' && next <= '9') || next == '_' || pointBeforeDigit;
  }

  private void name() {
    int start = at;
    while (at < source.length()
        && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
      at++;
    }
    tokens.add(new Token(Kind.NAME, source.substring(start, at), line));
  }

  private void operator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at)) {
        at += operator.length();
        depth += "([{".contains(operator) ? 1 : ")]}".contains(operator) ? -1 : 0;
        depth = Math.max(0, depth);
        tokens.add(new Token(Kind.OPERATOR, operator, line));
        return;
      }
    }
    throw new JinjaException("line %d: unexpected \"%s\"".formatted(line, source.charAt(at)));
  }
}
