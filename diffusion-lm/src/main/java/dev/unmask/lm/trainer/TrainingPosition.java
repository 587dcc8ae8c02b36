package dev.unmask.lm.trainer;

/**
 * How far a run has come.
 *
 * @param phase index of the phase that the next optimizer step belongs to, of the last one at the
 *     end
 * @param optimizerStep completed optimizer steps of the whole plan
 * @param tokensSeen tokens of the batches so far, each counted once however the objective feeds it
 */
public record TrainingPosition(int phase, long optimizerStep, long tokensSeen) {}
