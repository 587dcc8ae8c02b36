package dev.unmask.lm.family.mdlm;

/**
 * The substitution that turns logits of a masked position into a distribution of its clean token:
 * the mask token has no probability, and a token that is seen is never changed (arXiv:2406.07524,
 * section 3.2.3).
 */
final class Subs {
  private Subs() {}

  /**
   * @param logits over all tokens, the mask token the last
   * @return log-probabilities of a masked position, minus infinity for the mask token
   */
  static double[] logProbabilities(double[] logits) {
    int mask = logits.length - 1;
    double max = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < mask; v++) {
      max = Math.max(max, logits[v]);
    }
    double sum = 0;
    for (int v = 0; v < mask; v++) {
      sum += Math.exp(logits[v] - max);
    }
    double[] logProbabilities = new double[logits.length];
    for (int v = 0; v < mask; v++) {
      logProbabilities[v] = logits[v] - max - Math.log(sum);
    }
    logProbabilities[mask] = Double.NEGATIVE_INFINITY;
    return logProbabilities;
  }
}
