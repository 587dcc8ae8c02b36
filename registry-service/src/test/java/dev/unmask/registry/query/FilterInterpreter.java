package dev.unmask.registry.query;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a filter means, said once more and without a database. */
final class FilterInterpreter {

  private FilterInterpreter() {}

  static boolean matches(Filter filter, SampleRun run) {
    return filter.comparisons().stream().allMatch(comparison -> matches(comparison, run));
  }

  private static boolean matches(Comparison comparison, SampleRun run) {
    String key = comparison.identifier().key();
    return switch (comparison.identifier().kind()) {
      case METRIC -> metric(run.metrics().get(key), comparison);
      case PARAM -> text(run.params().get(key), comparison);
      case TAG -> text(run.tags().get(key), comparison);
      case ATTRIBUTE -> attribute(run, key.toLowerCase(Locale.ROOT), comparison);
      case DATASET -> throw new AssertionError("runs keep no data sets");
    };
  }

  private static boolean attribute(SampleRun run, String key, Comparison comparison) {
    return switch (key) {
      case "start_time", "created" -> time(run.times().get("start_time"), comparison);
      case "end_time" -> time(run.times().get("end_time"), comparison);
      default -> text(run.texts().get(key), comparison);
    };
  }

  /** As Java compares doubles: NaN is unlike everything, and so only matches {@code !=}. */
  private static boolean metric(@Nullable Double value, Comparison comparison) {
    if (value == null) {
      return false;
    }
    double left = value;
    double right = number(comparison).doubleValue();
    return switch (comparison.operator()) {
      case EQUAL -> left == right;
      case NOT_EQUAL -> left != right;
      case GREATER -> left > right;
      case GREATER_OR_EQUAL -> left >= right;
      case LESS -> left < right;
      case LESS_OR_EQUAL -> left <= right;
      case LIKE, ILIKE, IN, NOT_IN -> throw new AssertionError(comparison);
    };
  }

  private static boolean time(@Nullable Long value, Comparison comparison) {
    if (value == null) {
      return false;
    }
    int order = BigDecimal.valueOf(value).compareTo(number(comparison));
    return switch (comparison.operator()) {
      case EQUAL -> order == 0;
      case NOT_EQUAL -> order != 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case LIKE, ILIKE, IN, NOT_IN -> throw new AssertionError(comparison);
    };
  }

  private static boolean text(@Nullable String value, Comparison comparison) {
    if (value == null) {
      return false;
    }
    return switch (comparison.literal()) {
      case Literal.Texts(List<String> values) ->
          values.contains(value) == (comparison.operator() == Operator.IN);
      case Literal.Text(String other) ->
          switch (comparison.operator()) {
            case EQUAL -> value.equals(other);
            case NOT_EQUAL -> !value.equals(other);
            case LIKE -> like(value, other);
            case ILIKE -> like(lower(value), lower(other));
            case GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL, IN, NOT_IN ->
                throw new AssertionError(comparison);
          };
      case Literal.Number number -> throw new AssertionError(comparison);
    };
  }

  private static BigDecimal number(Comparison comparison) {
    return ((Literal.Number) comparison.literal()).value();
  }

  /** {@code %} is any text, {@code _} any character, a backslash takes what follows as it is. */
  private static boolean like(String value, String pattern) {
    StringBuilder expression = new StringBuilder();
    int[] letters = pattern.codePoints().toArray();
    for (int i = 0; i < letters.length; i++) {
      switch (letters[i]) {
        case '%' -> expression.append(".*");
        case '_' -> expression.append('.');
        case '\\' -> expression.append(Pattern.quote(Character.toString(letters[++i])));
        default -> expression.append(Pattern.quote(Character.toString(letters[i])));
      }
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL).matcher(value).matches();
  }

  /** Letter by letter: no letter becomes two, and none depends on its neighbours. */
  private static String lower(String text) {
    StringBuilder lower = new StringBuilder();
    text.codePoints().map(Character::toLowerCase).forEach(lower::appendCodePoint);
    return lower.toString();
  }
}
