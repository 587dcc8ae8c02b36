package dev.unmask.lm.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands after {@code is}. */
final class ValueTests {

  private final Operators operators;

  ValueTests(Budget budget) {
    this.operators = new Operators(budget);
  }

  boolean holds(String name, @Nullable Object value, CallArguments arguments) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == null;
      case "boolean" -> value instanceof Boolean;
      case "true" -> Boolean.TRUE.equals(value);
      case "false" -> Boolean.FALSE.equals(value);
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "number" -> Values.isNumber(value);
      case "string" -> value instanceof String;
      case "mapping" -> value instanceof Map;
      case "sequence" -> value instanceof List || value instanceof Map || value instanceof String;
      case "iterable" ->
          value instanceof List
              || value instanceof Map
              || value instanceof String
              || value instanceof Undefined;
      case "callable" -> value instanceof Callable;
      case "odd" -> Math.floorMod(Values.integer(value), 2) == 1;
      case "even" -> Math.floorMod(Values.integer(value), 2) == 0;
      case "divisibleby" -> operators.binary("%", value, arguments.get(0)).equals(0L);
      case "eq", "equalto", "sameas", "==" -> operators.holds("==", value, arguments.get(0));
      case "ne", "!=" -> operators.holds("!=", value, arguments.get(0));
      case "lt", "lessthan", "<" -> operators.holds("<", value, arguments.get(0));
      case "le", "<=" -> operators.holds("<=", value, arguments.get(0));
      case "gt", "greaterthan", ">" -> operators.holds(">", value, arguments.get(0));
      case "ge", ">=" -> operators.holds(">=", value, arguments.get(0));
      case "in" -> operators.contains(arguments.get(0), value);
      default -> throw new JinjaException("the test \"" + name + "\" is not supported");
    };
  }
}
