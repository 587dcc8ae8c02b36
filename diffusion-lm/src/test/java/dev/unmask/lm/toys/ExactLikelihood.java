package dev.unmask.lm.toys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Negative log-likelihoods and their bounds by enumeration, in nats per sequence. */
public record ExactLikelihood(TabularNetwork network) {

  /** Tokens revealed one at a time in a given order. */
  public double inOrder(int[] sequence, int[] order) {
    int[] state = new int[sequence.length];
    Arrays.fill(state, network.vocabulary());
    double nats = 0;
    for (int position : order) {
      nats -= Math.log(network.conditionals(state)[position][sequence[position]]);
      state[position] = sequence[position];
    }
    return nats;
  }

  /** Mean over all L! orders. */
  public double anyOrder(int[] sequence) {
    return orders(IntStream.range(0, sequence.length).toArray()).stream()
        .mapToDouble(order -> inOrder(sequence, order))
        .average()
        .orElseThrow();
  }

  static List<int[]> orders(int[] items) {
    if (items.length == 0) {
      return List.of(new int[0]);
    }
    List<int[]> orders = new ArrayList<>();
    for (int first : items) {
      for (int[] rest : orders(IntStream.of(items).filter(i -> i != first).toArray())) {
        orders.add(IntStream.concat(IntStream.of(first), IntStream.of(rest)).toArray());
      }
    }
    return orders;
  }

  /**
   * Expected loss when each set of masked positions has a weight that only its size decides.
   *
   * @param weight of k masked positions: probability of one such set times the factor of each
   *     masked token's cross-entropy
   */
  public double expected(int[] sequence, IntToDoubleFunction weight) {
    return expectedWithin(sequence, 0, sequence.length, weight);
  }

  /** The same for one block: tokens before it are clean, those behind it masked. */
  double expectedWithin(int[] sequence, int from, int to, IntToDoubleFunction weight) {
    double nats = 0;
    for (long bits = 1; bits < 1L << (to - from); bits++) {
      BitSet masked = BitSet.valueOf(new long[] {bits << from});
      int[] state = sequence.clone();
      Arrays.fill(state, to, state.length, network.vocabulary());
      masked.stream().forEach(i -> state[i] = network.vocabulary());
      double[][] p = network.conditionals(state);
      double sum = masked.stream().mapToDouble(i -> -Math.log(p[i][sequence[i]])).sum();
      nats += weight.applyAsDouble(masked.cardinality()) * sum;
    }
    return nats;
  }

  /** Block diffusion bound: blocks one after the other, each by the any-order bound. */
  public double blocks(int[] sequence, int blockSize) {
    double nats = 0;
    for (int from = 0; from < sequence.length; from += blockSize) {
      int to = Math.min(sequence.length, from + blockSize);
      nats += expectedWithin(sequence, from, to, anyOrderWeight(to - from));
    }
    return nats;
  }

  /** 1 / (k C(n, k)): what every exact form of the bound comes to. */
  public static IntToDoubleFunction anyOrderWeight(int n) {
    return k -> 1 / (k * choose(n, k));
  }

  /**
   * Weight of a set of k of n under a time-dependent mask probability and loss weight, integrated
   * over time (Gauss-Legendre on many short pieces).
   */
  public static IntToDoubleFunction overTime(
      int n, double low, double high, DoubleUnaryOperator maskProbability, DoubleUnaryOperator w) {
    return k ->
        integral(
            t -> {
              double m = maskProbability.applyAsDouble(t);
              return w.applyAsDouble(t) * Math.pow(m, k) * Math.pow(1 - m, n - k);
            },
            low,
            high);
  }

  /** Two-point Gauss-Legendre rule on pieces that shrink towards {@code low}. */
  public static double integral(DoubleUnaryOperator f, double low, double high) {
    int pieces = 20_000;
    double sum = 0;
    for (int i = 0; i < pieces; i++) {
      double a = low + (high - low) * Math.pow((double) i / pieces, 3);
      double b = low + (high - low) * Math.pow((i + 1.0) / pieces, 3);
      double half = (b - a) / 2;
      double shift = half / Math.sqrt(3);
      sum += half * (f.applyAsDouble(a + half - shift) + f.applyAsDouble(a + half + shift));
    }
    return sum;
  }

  static double choose(int n, int k) {
    double ways = 1;
    for (int i = 1; i <= k; i++) {
      ways = ways * (n - k + i) / i;
    }
    return ways;
  }
}
