package dev.unmask.lm.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's operators. */
final class Operators {

  private final Budget budget;

  Operators(Budget budget) {
    this.budget = budget;
  }

  Object negative(@Nullable Object value) {
    return value instanceof Double number ? (Object) (-number) : (Object) (-whole(value));
  }

  Object binary(String operator, @Nullable Object left, @Nullable Object right) {
    if (operator.equals("~")) {
      return concatenated(Values.text(left, budget), Values.text(right, budget));
    }
    if (operator.equals("+") && left instanceof String one && right instanceof String other) {
      return concatenated(one, other);
    }
    if (operator.equals("+") && left instanceof List<?> one && right instanceof List<?> other) {
      List<@Nullable Object> both = new ArrayList<>(one);
      both.addAll(other);
      budget.spend(both.size());
      return both;
    }
    if (operator.equals("*") && left instanceof String text) {
      return repeated(text, Values.integer(right));
    }
    if (!Values.isNumber(left) || !Values.isNumber(right)) {
      throw new JinjaException(
          "\"%s\" does not join %s and %s"
              .formatted(operator, Values.kind(left), Values.kind(right)));
    }
    return left instanceof Double || right instanceof Double || operator.equals("/")
        ? floating(operator, Values.number(left), Values.number(right))
        : whole(operator, whole(left), whole(right));
  }

  private String concatenated(String left, String right) {
    budget.spendText((long) left.length() + right.length());
    return left + right;
  }

  private String repeated(String text, int times) {
    budget.spendText((long) text.length() * Math.max(0, times));
    return text.repeat(Math.max(0, times));
  }

  private static long whole(@Nullable Object value) {
    return switch (value) {
      case Long number -> number;
      case Boolean truth -> truth ? 1 : 0;
      case null, default ->
          throw new JinjaException("expected a number, was " + Values.kind(value));
    };
  }

  private static Object whole(String operator, long left, long right) {
    try {
      return switch (operator) {
        case "+" -> Math.addExact(left, right);
        case "-" -> Math.subtractExact(left, right);
        case "*" -> Math.multiplyExact(left, right);
        case "//" -> Math.floorDiv(left, right);
        case "%" -> Math.floorMod(left, right);
        default -> power(left, right);
      };
    } catch (ArithmeticException e) {
      throw new JinjaException("%d %s %d: %s".formatted(left, operator, right, e.getMessage()), e);
    }
  }

  private static Object power(long base, long exponent) {
    double power = Math.pow(base, exponent);
    boolean whole = exponent >= 0 && Math.abs(power) < 1L << 53;
    return whole ? (Object) (long) power : (Object) power;
  }

  private static Object floating(String operator, double left, double right) {
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "//" -> Math.floor(left / right);
      case "%" -> left - right * Math.floor(left / right);
      default -> Math.pow(left, right);
    };
  }

  boolean holds(String operator, @Nullable Object left, @Nullable Object right) {
    return switch (operator) {
      case "==" -> Values.areEqual(left, right, budget);
      case "!=" -> !Values.areEqual(left, right, budget);
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      case "<" -> Values.compare(left, right, budget) < 0;
      case "<=" -> Values.compare(left, right, budget) <= 0;
      case ">" -> Values.compare(left, right, budget) > 0;
      default -> Values.compare(left, right, budget) >= 0;
    };
  }

  boolean contains(@Nullable Object container, @Nullable Object element) {
    if (container instanceof String text) {
      String part = Values.string(element);
      budget.spendText((long) text.length() * (1 + part.length() / 64));
      return text.contains(part);
    }
    if (container instanceof Map<?, ?> map) {
      return map.containsKey(element);
    }
    for (Object candidate : Values.elements(container, budget)) {
      if (Values.areEqual(candidate, element, budget)) {
        return true;
      }
    }
    return false;
  }

  /** {@code elements[from:to:step]}; a bound that is null is the end on its side. */
  static List<@Nullable Object> slice(
      List<@Nullable Object> elements, @Nullable Integer from, @Nullable Integer to, int step) {
    if (step == 0) {
      throw new JinjaException("the step of a slice must not be 0");
    }
    int size = elements.size();
    int lowest = step > 0 ? 0 : -1;
    int highest = step > 0 ? size : size - 1;
    long start = from == null ? (step > 0 ? lowest : highest) : bound(from, size, lowest, highest);
    long end = to == null ? (step > 0 ? highest : lowest) : bound(to, size, lowest, highest);
    List<@Nullable Object> part = new ArrayList<>();
    for (long at = start; step > 0 ? at < end : at > end; at += step) {
      part.add(elements.get((int) at));
    }
    return part;
  }

  private static int bound(int index, int size, int lowest, int highest) {
    long at = index < 0 ? (long) index + size : index;
    return (int) Math.clamp(at, lowest, highest);
  }
}
