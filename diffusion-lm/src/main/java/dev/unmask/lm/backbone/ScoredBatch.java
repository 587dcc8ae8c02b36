package dev.unmask.lm.backbone;

import dev.unmask.lm.attention.AttentionLayout;

/**
 * One batch for the network and the tokens that count in its loss. Every objective of this library
 * comes down to one: it differs in what is fed, which rows are scored, how, and their weights.
 *
 * @param sequences B
 * @param ids what the network sees, row-major {@code [B, N]}
 * @param positions rotary position of each of the N columns, or {@code [B, N]} where sequences
 *     differ
 * @param layout who sees whom among the N columns; {@code NoisyThenClean} means N = 2L
 * @param rows scored tokens as indices into {@code [B, N]}, or into {@code [B, L]} of the noisy
 *     halves under {@code NoisyThenClean}
 * @param targets the clean token of each scored row
 * @param weights weight of each row; the loss is the sum of weight times criterion, so the
 *     normaliser is part of the weights
 * @param totalNoise total noise of each sequence, {@code [B]}: what a network with {@link
 *     NoiseConditioning} is told
 * @param criterion what is computed at each scored row
 */
public record ScoredBatch(
    int sequences,
    int[] ids,
    int[] positions,
    AttentionLayout layout,
    int[] rows,
    int[] targets,
    float[] weights,
    double[] totalNoise,
    Criterion criterion) {

  /** Cross-entropies for a network that is not told the noise level. */
  public ScoredBatch(
      int sequences,
      int[] ids,
      int[] positions,
      AttentionLayout layout,
      int[] rows,
      int[] targets,
      float[] weights) {
    this(
        sequences,
        ids,
        positions,
        layout,
        rows,
        targets,
        weights,
        new double[sequences],
        new Criterion.CrossEntropy());
  }

  public ScoredBatch {
    if (ids.length != sequences * positions.length && ids.length != positions.length) {
      throw new IllegalArgumentException(
          "ids must be " + sequences + " x " + positions.length + " tokens, were " + ids.length);
    }
    if (rows.length == 0 || targets.length != rows.length || weights.length != rows.length) {
      throw new IllegalArgumentException(
          "needs as many targets and weights as rows and one row at least, got "
              + rows.length
              + " rows, "
              + targets.length
              + " targets, "
              + weights.length
              + " weights");
    }
    if (totalNoise.length != sequences) {
      throw new IllegalArgumentException(
          "needs the noise of " + sequences + " sequences, got " + totalNoise.length);
    }
  }

  /** N, tokens of a sequence. */
  public int columns() {
    return ids.length / sequences;
  }

  /** Whether every sequence has positions of its own. */
  boolean hasOwnPositions() {
    return positions.length != columns();
  }
}
