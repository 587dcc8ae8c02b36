package dev.unmask.registry.model;

import org.jspecify.annotations.Nullable;

/** A model has a new version; told in the transaction of that. */
public record VersionCreated(
    String teamId, String model, int version, String digest, @Nullable String runId) {}
