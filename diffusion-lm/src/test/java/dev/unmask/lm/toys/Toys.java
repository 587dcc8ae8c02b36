package dev.unmask.lm.toys;

import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;

/** Small distributions and networks made from a seed. */
public final class Toys {
  private Toys() {}

  /** A joint distribution without zeros. */
  public static TabularJoint joint(int length, int vocabulary, long seed) {
    return joint(length, vocabulary, seed, 1.2);
  }

  /** As {@link #joint}, but tokens tell much of each other: drawing them apart is far off. */
  public static TabularJoint dependent(int length, int vocabulary, long seed) {
    return joint(length, vocabulary, seed, 3);
  }

  private static TabularJoint joint(int length, int vocabulary, long seed, double spread) {
    double[] p = new double[(int) Math.round(Math.pow(vocabulary, length))];
    KeyedRandom random = KeyedRandom.of(seed);
    Arrays.setAll(p, i -> Math.exp(spread * random.gaussian(i)));
    double sum = Arrays.stream(p).sum();
    return new TabularJoint(Arrays.stream(p).map(x -> x / sum).toArray(), length, vocabulary);
  }

  /** A network whose conditionals belong to no joint distribution. */
  public static TabularNetwork inconsistent(int length, int vocabulary, long seed) {
    int states = (int) Math.round(Math.pow(vocabulary + 1, length));
    double[] table = new double[states * length * vocabulary];
    KeyedRandom random = KeyedRandom.of(seed);
    for (int row = 0; row < states * length; row++) {
      double sum = 0;
      for (int v = 0; v < vocabulary; v++) {
        table[row * vocabulary + v] = Math.exp(random.gaussian(row, v, 0));
        sum += table[row * vocabulary + v];
      }
      for (int v = 0; v < vocabulary; v++) {
        table[row * vocabulary + v] /= sum;
      }
    }
    return TabularNetwork.ofTable(table, length, vocabulary);
  }

  /** Logits {@code [tokens, V + 1]}, the mask never predicted. */
  public static double[][] logits(TabularNetwork network, int[] state) {
    double[][] p = network.conditionals(state);
    double[][] logits = new double[p.length][];
    for (int i = 0; i < p.length; i++) {
      logits[i] = Arrays.copyOf(Arrays.stream(p[i]).map(Math::log).toArray(), p[i].length + 1);
      logits[i][p[i].length] = Double.NEGATIVE_INFINITY;
    }
    return logits;
  }

  /** A state whose end is masked. */
  public static int[] padded(int[] ids, int length, int maskId) {
    int[] state = new int[length];
    Arrays.fill(state, maskId);
    System.arraycopy(ids, 0, state, 0, Math.min(length, ids.length));
    return state;
  }
}
