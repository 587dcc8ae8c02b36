package dev.unmask.testing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What no error may tell: statements and states of the database, classes and stack traces, paths of
 * this machine. Test clients check every error that they are answered.
 */
public final class ErrorText {
  private static final List<Pattern> INSIDE =
      List.of(
          Pattern.compile("\\b(SELECT|INSERT INTO|DELETE FROM|UPDATE \\w+ SET|DROP TABLE)\\b"),
          Pattern.compile("(?i)SQLSTATE|PSQL|postgres|jdbc|hibernate|hikari|flyway"),
          Pattern.compile("ERROR: |violates \\S+ constraint|duplicate key value|relation \""),
          Pattern.compile(
              "syntax error at or near|invalid byte sequence|could not e\\w+ statement"),
          Pattern.compile("\\b(java|javax|jakarta|kotlin)\\.[a-z]+\\.|\\.java:\\d+|\\bCaused by:"),
          Pattern.compile(
              "org\\.spring|org\\.apache|dev\\.unmask\\.|tools\\.jackson|reactor\\.|netty"),
          Pattern.compile("\\b[A-Z]\\w{0,80}Exception\\b|\\n\\s*at \\w|\\\\tat "),
          path("java.io.tmpdir"),
          path("user.home"),
          path("user.dir"));

  private ErrorText() {}

  /**
   * @param sent address and body of the request: what an error repeats of them it does not give
   *     away
   * @throws AssertionError naming what an answer with an error status tells
   */
  public static void check(int status, String body, String sent) {
    if (status < 400) {
      return;
    }
    String known = sent + decoded(sent);
    for (Pattern pattern : INSIDE) {
      Matcher found = pattern.matcher(body);
      while (found.find()) {
        if (!known.contains(found.group())) {
          throw new AssertionError(
              "the error tells '" + found.group() + "' of the inside: " + status + " " + body);
        }
      }
    }
  }

  private static Pattern path(String property) {
    String value = System.getProperty(property);
    return Pattern.compile(Pattern.quote(value.endsWith("/") ? value : value + "/"));
  }

  private static String decoded(String sent) {
    try {
      return URLDecoder.decode(sent, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return "";
    }
  }
}
