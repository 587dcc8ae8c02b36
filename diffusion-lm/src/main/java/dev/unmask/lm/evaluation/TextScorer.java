package dev.unmask.lm.evaluation;

/** One way to tell how probable a model finds a text. Engine thread only. */
@FunctionalInterface
public interface TextScorer {
  /**
   * Scores {@code tokens[from..]} given {@code tokens[0, from)}.
   *
   * @param draws forward passes of an estimate, at least 1; no matter to the chain rule
   * @param seed same seed, same estimate
   * @throws IllegalArgumentException naming what does not fit the model: a token, the length, or a
   *     context where the estimator takes whole texts only
   */
  TextScore score(int[] tokens, int from, int draws, long seed);
}
