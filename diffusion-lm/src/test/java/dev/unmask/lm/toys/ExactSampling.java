package dev.unmask.lm.toys;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/** Output distributions of samplers by enumeration, over all V^L sequences. */
public record ExactSampling(TabularNetwork network) {

  /** Absorbing sampler of n steps: step i reveals each mask with probability 1 / (n - i). */
  public double[] steps(int n) {
    return blockSteps(network.length(), n);
  }

  /** Step i reveals each mask with the probability {@code shares[i]}; the last is 1. */
  public double[] reveals(double... shares) {
    double[] states = allMasked();
    for (double share : shares) {
      states = revealEach(states, network.length(), share);
    }
    return complete(states);
  }

  /** The same for one block after the other, n steps each. */
  public double[] blockSteps(int blockSize, int n) {
    double[] states = allMasked();
    for (int from = 0; from < network.length(); from += blockSize) {
      for (int i = 0; i < n; i++) {
        states = revealEach(states, from + blockSize, 1.0 / (n - i));
      }
    }
    return complete(states);
  }

  /** One uniformly chosen position a step: any-order sampling, and first-hitting. */
  public double[] oneAtATime() {
    return blocksOneAtATime(network.length());
  }

  /** The same for one block after the other. */
  public double[] blocksOneAtATime(int blockSize) {
    double[] states = allMasked();
    for (int i = 0; i < network.length(); i++) {
      int end = (i / blockSize + 1) * blockSize;
      double[] next = new double[states.length];
      forEach(
          states,
          (state, probability) -> {
            int[] masked = masked(state, end);
            for (int position : masked) {
              reveal(state, bits(position), probability / masked.length, next);
            }
          });
      states = next;
    }
    return complete(states);
  }

  private double[] revealEach(double[] states, int end, double probability) {
    double[] next = new double[states.length];
    forEach(
        states,
        (state, weight) -> {
          int[] masked = masked(state, end);
          for (int subset = 0; subset < 1 << masked.length; subset++) {
            BitSet chosen = new BitSet();
            double p = weight;
            for (int i = 0; i < masked.length; i++) {
              boolean revealed = (subset >> i & 1) == 1;
              chosen.set(masked[i], revealed);
              p *= revealed ? probability : 1 - probability;
            }
            reveal(state, chosen, p, next);
          }
        });
    return next;
  }

  /** Spreads a state's probability over all tokens at the revealed positions. */
  private void reveal(int[] state, BitSet revealed, double probability, double[] next) {
    if (probability == 0) {
      return;
    }
    int[] positions = revealed.stream().toArray();
    double[][] p = network.conditionals(state);
    for (int[] tokens : TabularNetwork.all(network.vocabulary(), positions.length)) {
      int[] after = state.clone();
      double weight = probability;
      for (int i = 0; i < positions.length; i++) {
        after[positions[i]] = tokens[i];
        weight *= p[positions[i]][tokens[i]];
      }
      next[TabularNetwork.number(after, network.vocabulary() + 1)] += weight;
    }
  }

  private static BitSet bits(int position) {
    BitSet bits = new BitSet();
    bits.set(position);
    return bits;
  }

  private double[] allMasked() {
    int[] state = new int[network.length()];
    Arrays.fill(state, network.vocabulary());
    double[] states = new double[(int) Math.pow(network.vocabulary() + 1, network.length())];
    states[TabularNetwork.number(state, network.vocabulary() + 1)] = 1;
    return states;
  }

  private double[] complete(double[] states) {
    return Arrays.stream(TabularNetwork.all(network.vocabulary(), network.length()))
        .mapToDouble(s -> states[TabularNetwork.number(s, network.vocabulary() + 1)])
        .toArray();
  }

  private int[] masked(int[] state, int end) {
    return IntStream.range(0, Math.min(end, state.length))
        .filter(i -> state[i] == network.vocabulary())
        .toArray();
  }

  private interface StateVisitor {
    void visit(int[] state, double probability);
  }

  private void forEach(double[] states, StateVisitor visitor) {
    for (int n = 0; n < states.length; n++) {
      if (states[n] > 0) {
        visitor.visit(
            TabularNetwork.digits(n, network.vocabulary() + 1, network.length()), states[n]);
      }
    }
  }
}
