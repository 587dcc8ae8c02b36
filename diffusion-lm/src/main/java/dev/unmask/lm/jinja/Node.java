package dev.unmask.lm.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A part of a template. */
sealed interface Node {

  record Text(String text) implements Node {}

  record Output(Expression value) implements Node {}

  /** The body of the first condition that holds, else {@code otherwise}. */
  record If(List<Expression> conditions, List<List<Node>> bodies, List<Node> otherwise)
      implements Node {}

  /** The body for each element that {@code condition} holds for, {@code otherwise} if none. */
  record For(
      List<String> targets,
      Expression elements,
      @Nullable Expression condition,
      List<Node> body,
      List<Node> otherwise)
      implements Node {}

  /** Sets variables, or one field of a namespace when {@code field} is given. */
  record Set(List<String> targets, @Nullable String field, Expression value) implements Node {}

  /** Sets a variable to what the body renders. */
  record Capture(String target, List<Node> body) implements Node {}

  record Macro(
      String name, List<String> parameters, List<@Nullable Expression> defaults, List<Node> body)
      implements Node {}

  /** What a body renders, through a filter; without one, as it is. */
  record Block(List<Node> body) implements Node {}

  record Break() implements Node {}

  record Continue() implements Node {}
}
