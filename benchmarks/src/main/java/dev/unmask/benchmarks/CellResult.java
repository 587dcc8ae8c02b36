package dev.unmask.benchmarks;

/**
 * What a cell came to.
 *
 * @param nats a character of validation text
 * @param objective what that is the loss of
 * @param exact whether it is the likelihood itself, otherwise a bound or what the objective says
 * @param seconds of training and validation
 * @param millisPerStep median of the optimizer steps
 */
record CellResult(
    double nats, String objective, boolean exact, double seconds, double millisPerStep) {}
