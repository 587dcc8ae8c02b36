package dev.unmask.registry.liveness;

import java.time.Instant;

/** A run that says it is running has given no sign of life for long; told once a silence. */
public record RunFellSilent(String teamId, String runId, String name, Instant lastSign) {}
