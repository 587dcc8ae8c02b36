package dev.unmask.lm.family.dsm;

import dev.unmask.lm.random.KeyedRandom;

/**
 * One batch for the score network: clean tokens and the noise that is added to their embeddings.
 *
 * @param tokens {@code [B][L]}
 * @param given positions whose tokens are seen without noise and not scored, {@code [B][L]}
 * @param noise standard normal numbers, row-major {@code [B, L, E]}
 * @param times of the sequences, {@code [B]}
 * @param tokenTimes of their tokens, {@code [B][L]}
 * @param weights of the squared error of the score, {@code [B][L]}
 * @param rounding weight of the cross-entropy of the tokens
 */
record ScoredText(
    int[][] tokens,
    boolean[][] given,
    float[] noise,
    double[] times,
    double[][] tokenTimes,
    double[][] weights,
    double rounding) {

  /** The noise of a batch of clean tokens, row-major {@code [B, L, E]}. */
  static float[] noise(int[][] tokens, DsmConfig config, KeyedRandom random) {
    float[] noise = new float[tokens.length * tokens[0].length * config.coordinates()];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.gaussian(i);
    }
    return noise;
  }
}
