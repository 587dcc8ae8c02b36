package dev.unmask.lm.jinja;

import dev.unmask.lm.jinja.Expression.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes expressions. */
final class Evaluator {

  private final Budget budget;
  private final Operators operators;
  private final Filters filters;
  private final ValueTests tests;
  private final Methods methods;

  Evaluator(Budget budget) {
    this.budget = budget;
    this.operators = new Operators(budget);
    this.tests = new ValueTests(budget);
    this.filters = new Filters(budget, tests);
    this.methods = new Methods(budget);
  }

  @Nullable Object value(Expression expression, Scope scope) {
    budget.spend(1);
    return switch (expression) {
      case Expression.Literal(Object literal) -> literal;
      case Expression.Name(String name) -> scope.get(name);
      case Expression.Items(List<Expression> items) -> values(items, scope);
      case Expression.Dictionary dictionary -> dictionary(dictionary, scope);
      case Expression.Attribute(Expression owner, String name) ->
          attribute(value(owner, scope), name);
      case Expression.Index(Expression owner, Expression key) ->
          item(value(owner, scope), value(key, scope));
      case Expression.Slice slice -> slice(slice, scope);
      case Expression.Call(Expression callee, Arguments arguments) ->
          call(value(callee, scope), arguments, scope);
      case Expression.Filter filter -> filter(filter, scope);
      case Expression.Test test -> test(test, scope);
      case Expression.Not(Expression inner) -> !Values.isTrue(value(inner, scope));
      case Expression.Negative(Expression inner) -> operators.negative(value(inner, scope));
      case Expression.Binary(String operator, Expression left, Expression right) ->
          operators.binary(operator, value(left, scope), value(right, scope));
      case Expression.Comparison comparison -> comparison(comparison, scope);
      case Expression.And(Expression left, Expression right) -> {
        Object first = value(left, scope);
        yield Values.isTrue(first) ? value(right, scope) : first;
      }
      case Expression.Or(Expression left, Expression right) -> {
        Object first = value(left, scope);
        yield Values.isTrue(first) ? first : value(right, scope);
      }
      case Expression.Conditional conditional -> conditional(conditional, scope);
    };
  }

  private List<@Nullable Object> values(List<Expression> expressions, Scope scope) {
    List<@Nullable Object> values = new ArrayList<>(expressions.size());
    expressions.forEach(expression -> values.add(value(expression, scope)));
    return values;
  }

  private CallArguments arguments(Arguments arguments, Scope scope) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    arguments.named().forEach((name, expression) -> named.put(name, value(expression, scope)));
    return new CallArguments(values(arguments.positional(), scope), named);
  }

  private Object dictionary(Expression.Dictionary dictionary, Scope scope) {
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < dictionary.keys().size(); i++) {
      map.put(value(dictionary.keys().get(i), scope), value(dictionary.values().get(i), scope));
    }
    return map;
  }

  private @Nullable Object conditional(Expression.Conditional conditional, Scope scope) {
    if (Values.isTrue(value(conditional.condition(), scope))) {
      return value(conditional.then(), scope);
    }
    Expression otherwise = conditional.otherwise();
    return otherwise == null ? new Undefined("else") : value(otherwise, scope);
  }

  private Object comparison(Expression.Comparison comparison, Scope scope) {
    Object left = value(comparison.first(), scope);
    for (int i = 0; i < comparison.operators().size(); i++) {
      Object right = value(comparison.others().get(i), scope);
      if (!operators.holds(comparison.operators().get(i), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  /** A method first, then an element of that name. */
  private @Nullable Object attribute(@Nullable Object owner, String name) {
    Callable method = methods.of(owner, name);
    return method == null ? field(owner, name) : method;
  }

  private @Nullable Object item(@Nullable Object owner, @Nullable Object key) {
    if (key instanceof Long number && owner instanceof List<?> list) {
      long at = number < 0 ? number + list.size() : number;
      return at >= 0 && at < list.size() ? list.get((int) at) : new Undefined("[" + number + "]");
    }
    if (key instanceof Long && owner instanceof String text) {
      return item(Values.elements(text, budget), key);
    }
    if (owner instanceof Map<?, ?> map && map.containsKey(key)) {
      return map.get(key);
    }
    return key instanceof String name ? attribute(owner, name) : field(owner, "[item]");
  }

  private static @Nullable Object field(@Nullable Object owner, String name) {
    if (owner instanceof Undefined) {
      throw new JinjaException(
          "%s has no field, was asked for \"%s\"".formatted(Values.kind(owner), name));
    }
    Map<?, ?> fields =
        owner instanceof Namespace namespace
            ? namespace.fields
            : owner instanceof Map<?, ?> map ? map : Map.of();
    return fields.containsKey(name) ? fields.get(name) : new Undefined(name);
  }

  private Object slice(Expression.Slice slice, Scope scope) {
    Object owner = value(slice.owner(), scope);
    List<@Nullable Object> elements = Values.elements(owner, budget);
    int step = slice.step() == null ? 1 : Values.integer(value(slice.step(), scope));
    Integer from = slice.from() == null ? null : bound(value(slice.from(), scope));
    Integer to = slice.to() == null ? null : bound(value(slice.to(), scope));
    List<@Nullable Object> part = Operators.slice(elements, from, to, step);
    return owner instanceof String ? joined(part) : part;
  }

  private static @Nullable Integer bound(@Nullable Object value) {
    return value == null ? null : Integer.valueOf(Values.integer(value));
  }

  private static String joined(List<@Nullable Object> characters) {
    StringBuilder text = new StringBuilder();
    characters.forEach(text::append);
    return text.toString();
  }

  private @Nullable Object call(@Nullable Object callee, Arguments arguments, Scope scope) {
    if (callee instanceof Callable function) {
      return function.call(arguments(arguments, scope));
    }
    throw new JinjaException(Values.kind(callee) + " cannot be called");
  }

  private @Nullable Object filter(Expression.Filter filter, Scope scope) {
    return filters.apply(
        filter.name(), value(filter.value(), scope), arguments(filter.arguments(), scope));
  }

  private Object test(Expression.Test test, Scope scope) {
    boolean holds =
        tests.holds(test.name(), value(test.value(), scope), arguments(test.arguments(), scope));
    return holds != test.negated();
  }
}
