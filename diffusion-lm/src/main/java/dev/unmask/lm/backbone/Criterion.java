package dev.unmask.lm.backbone;

/** What is computed at every scored row of a batch. */
public sealed interface Criterion {
  /** Cross-entropy of the clean token over the vocabulary without the mask token. */
  record CrossEntropy() implements Criterion {}

  /**
   * Score entropy: the logits are logarithms of the ratios of probabilities that drive the reverse
   * process (SEDD, arXiv:2310.16834). Computed in float64.
   *
   * @param absorbing whether tokens are replaced by the mask token, the last column; otherwise by
   *     any token alike
   * @param scaledByNoise whether log(exp(noise) - 1) and the logarithm of the number of clean
   *     tokens are taken off the logits first
   */
  record ScoreEntropy(boolean absorbing, boolean scaledByNoise) implements Criterion {}
}
