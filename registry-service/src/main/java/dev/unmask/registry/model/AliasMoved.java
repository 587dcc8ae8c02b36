package dev.unmask.registry.model;

/** An alias moved; told in the transaction of that. */
public record AliasMoved(String teamId, String model, String alias, AliasChange change) {}
