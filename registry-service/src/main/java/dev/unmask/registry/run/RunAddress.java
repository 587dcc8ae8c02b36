package dev.unmask.registry.run;

/** Where something is logged to: the run's id as the caller knows it, within the caller's team. */
record RunAddress(String teamId, String runId) {}
