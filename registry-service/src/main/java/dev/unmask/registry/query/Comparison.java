package dev.unmask.registry.query;

/** One clause of a filter. */
public record Comparison(Identifier identifier, Operator operator, Literal literal) {}
