package dev.unmask.lm.family.bd3lm;

import java.util.function.UnaryOperator;

/**
 * Probabilities of the token of a masked position, in double: softmax over all tokens but the mask,
 * then the nucleus.
 *
 * @param temperature that the logits are divided by, above 0
 */
record CleanToken(int maskId, double temperature, Nucleus nucleus)
    implements UnaryOperator<double[]> {
  @Override
  public double[] apply(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (int token = 0; token < logits.length; token++) {
      max = token == maskId ? max : Math.max(max, logits[token]);
    }
    double sum = 0;
    double[] p = new double[logits.length];
    for (int token = 0; token < logits.length; token++) {
      p[token] = token == maskId ? 0 : Math.exp((logits[token] - max) / temperature);
      sum += p[token];
    }
    for (int token = 0; token < p.length; token++) {
      p[token] /= sum;
    }
    return nucleus.filter(p);
  }
}
