package dev.unmask.lm.trainer;

import org.jspecify.annotations.Nullable;

/**
 * How well the averaged weights predict held-out text.
 *
 * @param objective whose loss it is
 * @param natsPerToken the loss
 * @param sequences that were scored
 * @param tokens in those sequences
 * @param exact whether it is the likelihood itself; otherwise a sampled upper bound (or, where
 *     {@code objective} names no bound, only a loss), drawn with a fixed seed so that values
 *     compare between steps
 * @param byMaskRatio the same tokens' losses by how much was masked; null for methods that mask
 *     nothing or measure something else
 */
public record ValidationReport(
    String objective,
    double natsPerToken,
    int sequences,
    long tokens,
    boolean exact,
    @Nullable LossByMaskRatio byMaskRatio) {

  /** Of a method that has no mask ratios. */
  public ValidationReport(
      String objective, double natsPerToken, int sequences, long tokens, boolean exact) {
    this(objective, natsPerToken, sequences, tokens, exact, null);
  }
}
