package dev.unmask.registry.experiment;

/**
 * An experiment was deleted or restored, and its runs follow. Published after that is committed and
 * outside any transaction, so that listeners may take their time over many runs; published again
 * when one of them did not get to the end.
 */
public record ExperimentDeleted(String teamId, long number) {}
