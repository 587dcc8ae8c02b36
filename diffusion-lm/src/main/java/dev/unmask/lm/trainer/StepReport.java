package dev.unmask.lm.trainer;

/**
 * What one optimizer step did.
 *
 * @param step counts from 1 over the whole plan
 * @param phase index of its phase
 * @param loss of the step's batch, nats per token
 * @param gradientNorm L2 norm of all gradients before clipping
 * @param tokens of the batch
 * @param milliseconds it took
 */
public record StepReport(
    long step,
    int phase,
    double loss,
    double gradientNorm,
    double learningRate,
    int tokens,
    double milliseconds) {}
