package dev.unmask.lm.toys;

import java.util.Arrays;

/**
 * A joint distribution under noise that replaces tokens by any token alike, by enumeration.
 *
 * @param joint of clean sequences
 */
public record UniformNoise(TabularJoint joint) {

  /** Probability that {@code from} becomes {@code to} under an amount of noise. */
  double move(int from, int to, double noise) {
    double keep = Math.exp(-noise);
    return (1 - keep) / joint.vocabulary() + (from == to ? keep : 0);
  }

  /** Distribution of noisy sequences, row-major. */
  public double[] marginal(double noise) {
    int[][] sequences = TabularNetwork.all(joint.vocabulary(), joint.length());
    double[] marginal = new double[sequences.length];
    for (int clean = 0; clean < sequences.length; clean++) {
      for (int noisy = 0; noisy < sequences.length; noisy++) {
        double p = joint.probabilities()[clean];
        for (int i = 0; i < joint.length(); i++) {
          p *= move(sequences[clean][i], sequences[noisy][i], noise);
        }
        marginal[noisy] += p;
      }
    }
    return marginal;
  }

  /** Ratios of the probability with one token replaced to that without, {@code [L, V]}. */
  public double[][] ratios(int[] state, double noise) {
    double[] marginal = marginal(noise);
    double here = marginal[TabularNetwork.number(state, joint.vocabulary())];
    double[][] ratios = new double[joint.length()][joint.vocabulary()];
    for (int i = 0; i < ratios.length; i++) {
      for (int v = 0; v < joint.vocabulary(); v++) {
        int[] other = state.clone();
        other[i] = v;
        ratios[i][v] = marginal[TabularNetwork.number(other, joint.vocabulary())] / here;
      }
    }
    return ratios;
  }

  /**
   * True distribution of one position's state with less noise, given the whole noisy sequence: a
   * sum over clean sequences.
   *
   * @param back noise that is taken back, at most {@code noise}
   */
  public double[] posterior(int[] state, int position, double noise, double back) {
    double[] posterior = new double[joint.vocabulary()];
    int[][] sequences = TabularNetwork.all(joint.vocabulary(), joint.length());
    for (int n = 0; n < sequences.length; n++) {
      double others = joint.probabilities()[n];
      for (int i = 0; i < state.length; i++) {
        others *= i == position ? 1 : move(sequences[n][i], state[i], noise);
      }
      for (int v = 0; v < posterior.length; v++) {
        posterior[v] +=
            others * move(sequences[n][position], v, noise - back) * move(v, state[position], back);
      }
    }
    double sum = Arrays.stream(posterior).sum();
    return Arrays.stream(posterior).map(p -> p / sum).toArray();
  }
}
