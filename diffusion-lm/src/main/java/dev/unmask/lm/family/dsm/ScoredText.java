package dev.unmask.lm.family.dsm;

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
    double rounding) {}
