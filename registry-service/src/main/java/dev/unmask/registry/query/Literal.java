package dev.unmask.registry.query;

import java.util.List;

/** The right-hand side of a comparison. */
public sealed interface Literal {
  record Text(String value) implements Literal {}

  record Number(double value) implements Literal {}

  /** In parentheses, after IN. */
  record Texts(List<String> values) implements Literal {}
}
