package dev.unmask.lm.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression of a tag. */
sealed interface Expression {

  /** A string, a {@code Long}, a {@code Double}, a {@code Boolean} or null for none. */
  record Literal(@Nullable Object value) implements Expression {}

  record Name(String name) implements Expression {}

  /** A list or a tuple. */
  record Items(List<Expression> items) implements Expression {}

  record Dictionary(List<Expression> keys, List<Expression> values) implements Expression {}

  record Attribute(Expression owner, String name) implements Expression {}

  record Index(Expression owner, Expression key) implements Expression {}

  record Slice(
      Expression owner,
      @Nullable Expression from,
      @Nullable Expression to,
      @Nullable Expression step)
      implements Expression {}

  record Call(Expression callee, Arguments arguments) implements Expression {}

  record Filter(Expression value, String name, Arguments arguments) implements Expression {}

  record Test(Expression value, String name, Arguments arguments, boolean negated)
      implements Expression {}

  record Not(Expression value) implements Expression {}

  record Negative(Expression value) implements Expression {}

  record Binary(String operator, Expression left, Expression right) implements Expression {}

  record Comparison(Expression first, List<String> operators, List<Expression> others)
      implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Conditional(Expression condition, Expression then, @Nullable Expression otherwise)
      implements Expression {}

  /** Arguments by position and by name. */
  record Arguments(List<Expression> positional, Map<String, Expression> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());
  }
}
