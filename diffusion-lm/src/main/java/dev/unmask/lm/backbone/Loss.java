package dev.unmask.lm.backbone;

/**
 * @param value weighted sum of the cross-entropies
 * @param nats cross-entropy of every scored row, not weighted
 */
public record Loss(double value, float[] nats) {}
