package dev.unmask.registry.experiment;

/** Published in the transaction that deletes or restores an experiment: its runs go with it. */
public record ExperimentDeleted(String teamId, long number, boolean deleted) {}
