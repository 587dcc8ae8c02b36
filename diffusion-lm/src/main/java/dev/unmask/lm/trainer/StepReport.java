package dev.unmask.lm.trainer;

import java.util.Map;

/**
 * What one optimizer step did.
 *
 * @param step counts from 1 over the whole plan
 * @param phase index of its phase
 * @param loss of the step's batch, nats per token
 * @param gradientNorm L2 norm of all gradients before clipping
 * @param tokens of the batch
 * @param milliseconds it took
 * @param measures what an adaptive objective found at this step, by names; empty at most steps
 */
public record StepReport(
    long step,
    int phase,
    double loss,
    double gradientNorm,
    double learningRate,
    int tokens,
    double milliseconds,
    Map<String, Double> measures) {
  public StepReport {
    measures = Map.copyOf(measures);
  }

  /** A step at which nothing else was found. */
  public StepReport(
      long step,
      int phase,
      double loss,
      double gradientNorm,
      double learningRate,
      int tokens,
      double milliseconds) {
    this(step, phase, loss, gradientNorm, learningRate, tokens, milliseconds, Map.of());
  }
}
