package dev.unmask.registry.run;

import org.jspecify.annotations.Nullable;

/** What of a run shall change; null leaves a field as it is. */
public record RunChange(
    @Nullable RunStatus status, @Nullable Long endTime, @Nullable String name) {}
