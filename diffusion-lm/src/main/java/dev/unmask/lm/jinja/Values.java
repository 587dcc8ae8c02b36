package dev.unmask.lm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Python's view of the values a template works with: none (null), {@code Boolean}, {@code Long},
 * {@code Double}, {@code String}, {@code List}, {@code Map}, {@link Namespace}, {@link Callable},
 * {@link Undefined}.
 */
final class Values {

  private static final int DEEPEST = 32;

  private Values() {}

  static boolean isTrue(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Undefined undefined -> false;
      case Boolean truth -> truth;
      case Long number -> number != 0;
      case Double number -> number != 0;
      case String text -> !text.isEmpty();
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  /** {@code str(value)}. */
  static String text(@Nullable Object value, Budget budget) {
    StringBuilder text = new StringBuilder();
    if (value instanceof String string) {
      return string;
    }
    if (!(value instanceof Undefined)) {
      append(text, value, budget, 0);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, @Nullable Object value, Budget budget, int depth) {
    if (depth > DEEPEST) {
      throw new JinjaException("a value must be nested at most " + DEEPEST + " deep");
    }
    switch (value) {
      case null -> text.append("None");
      case Boolean truth -> text.append(truth ? "True" : "False");
      case String string -> quoted(text, string);
      case List<?> list -> appendList(text, list, budget, depth);
      case Map<?, ?> map -> appendMap(text, map, budget, depth);
      case Long number -> text.append(number);
      case Double number -> text.append(number);
      case Undefined undefined -> text.append("Undefined");
      default -> throw new JinjaException("a function has no text");
    }
    budget.spendText(text.length());
  }

  private static void appendList(StringBuilder text, List<?> list, Budget budget, int depth) {
    text.append('[');
    for (int i = 0; i < list.size(); i++) {
      text.append(i == 0 ? "" : ", ");
      append(text, list.get(i), budget, depth + 1);
    }
    text.append(']');
  }

  private static void appendMap(StringBuilder text, Map<?, ?> map, Budget budget, int depth) {
    text.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(separator);
      append(text, entry.getKey(), budget, depth + 1);
      append(text.append(": "), entry.getValue(), budget, depth + 1);
      separator = ", ";
    }
    text.append('}');
  }

  private static void quoted(StringBuilder text, String string) {
    char quote = string.contains("'") && !string.contains("\"") ? '"' : '\'';
    text.append(quote);
    for (int i = 0; i < string.length(); i++) {
      char next = string.charAt(i);
      switch (next) {
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        case '\r' -> text.append("\\r");
        case '\\' -> text.append("\\\\");
        default -> text.append(next == quote ? "\\" : "").append(next);
      }
    }
    text.append(quote);
  }

  static boolean areEqual(@Nullable Object left, @Nullable Object right, Budget budget) {
    budget.spend(1);
    if (left instanceof Undefined || right instanceof Undefined) {
      return left instanceof Undefined && right instanceof Undefined;
    }
    if (isNumber(left) && isNumber(right)) {
      return number(left) == number(right);
    }
    if (left instanceof String text && right instanceof String) {
      budget.spendText(text.length());
    }
    if (left instanceof List<?> one && right instanceof List<?> other) {
      boolean equal = one.size() == other.size();
      for (int i = 0; equal && i < one.size(); i++) {
        equal = areEqual(one.get(i), other.get(i), budget);
      }
      return equal;
    }
    if (left instanceof Map<?, ?> map) {
      budget.spend(map.size());
    }
    return Objects.equals(left, right);
  }

  static boolean isNumber(@Nullable Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static double number(@Nullable Object value) {
    return switch (value) {
      case Long number -> number;
      case Double number -> number;
      case Boolean truth -> truth ? 1 : 0;
      case null, default -> throw new JinjaException("expected a number, was " + kind(value));
    };
  }

  static int integer(@Nullable Object value) {
    if (value instanceof Long number && number == number.intValue()) {
      return number.intValue();
    }
    if (value instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    throw new JinjaException("expected a whole number, was " + kind(value));
  }

  static String string(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new JinjaException("expected a string, was " + kind(value));
  }

  /** -1, 0 or 1. */
  static int compare(@Nullable Object left, @Nullable Object right, Budget budget) {
    budget.spend(1);
    if (isNumber(left) && isNumber(right)) {
      return Double.compare(number(left), number(right));
    }
    if (left instanceof String one && right instanceof String other) {
      budget.spendText(Math.min(one.length(), other.length()));
      return Integer.signum(one.compareTo(other));
    }
    throw new JinjaException("%s and %s have no order".formatted(kind(left), kind(right)));
  }

  /** The elements of a list, the keys of a map, the characters of a string. */
  static List<@Nullable Object> elements(@Nullable Object value, Budget budget) {
    List<@Nullable Object> elements = new ArrayList<>();
    switch (value) {
      case List<?> list -> elements.addAll(list);
      case Map<?, ?> map -> elements.addAll(map.keySet());
      case String text -> text.codePoints().mapToObj(Character::toString).forEach(elements::add);
      case Undefined undefined -> {}
      case null, default -> throw new JinjaException(kind(value) + " has no elements");
    }
    budget.spend(elements.size());
    return elements;
  }

  static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "none";
      case Undefined(String name) -> "the undefined \"" + name + "\"";
      case Boolean truth -> "a truth value";
      case Long number -> "a whole number";
      case Double number -> "a number";
      case String text -> "a string";
      case List<?> list -> "a list";
      case Map<?, ?> map -> "a mapping";
      case Namespace namespace -> "a namespace";
      default -> "a function";
    };
  }
}
