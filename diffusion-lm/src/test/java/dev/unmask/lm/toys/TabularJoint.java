package dev.unmask.lm.toys;

import java.util.Arrays;

/**
 * A distribution over all V^L sequences, and with it the perfect denoiser.
 *
 * @param probabilities row-major, last position fastest
 */
public record TabularJoint(double[] probabilities, int length, int vocabulary)
    implements TabularNetwork {

  /** Probability of the visible part of a state. */
  public double marginal(int[] state) {
    double sum = 0;
    for (int n = 0; n < probabilities.length; n++) {
      sum += agrees(TabularNetwork.digits(n, vocabulary, length), state) ? probabilities[n] : 0;
    }
    return sum;
  }

  private boolean agrees(int[] sequence, int[] state) {
    for (int i = 0; i < length; i++) {
      if (state[i] != vocabulary && state[i] != sequence[i]) {
        return false;
      }
    }
    return true;
  }

  /** True p(token at i | visible part); one-hot at visible positions. */
  @Override
  public double[][] conditionals(int[] state) {
    double[][] rows = new double[length][vocabulary];
    for (int n = 0; n < probabilities.length; n++) {
      int[] sequence = TabularNetwork.digits(n, vocabulary, length);
      if (agrees(sequence, state)) {
        for (int i = 0; i < length; i++) {
          rows[i][sequence[i]] += probabilities[n];
        }
      }
    }
    for (double[] row : rows) {
      double sum = Arrays.stream(row).sum();
      Arrays.setAll(row, v -> row[v] / sum);
    }
    return rows;
  }
}
