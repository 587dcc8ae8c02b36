package dev.unmask.lm.toys;

import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
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

  /**
   * Block by block: each step draws a token at every mask of the block and keeps those that a
   * policy selects among what was drawn.
   */
  public double[] selecting(int blockSize, DecodingPolicy policy) {
    double[] states = allMasked();
    for (int from = 0; from < network.length(); from += blockSize) {
      int end = Math.min(network.length(), from + blockSize);
      for (int step = 0; step < end - from; step++) {
        DecodingPolicy now = policy.atStep(step, blockSize);
        states = keepSelected(states, end, now);
      }
    }
    return complete(states);
  }

  private double[] keepSelected(double[] states, int end, DecodingPolicy policy) {
    double[] next = new double[states.length];
    forEach(
        states,
        (state, probability) -> {
          int[] masked = masked(state, end);
          double[][] p = network.conditionals(state);
          for (int[] drawn : TabularNetwork.all(network.vocabulary(), masked.length)) {
            Candidates candidates = candidates(p, masked, drawn);
            double weight = probability;
            for (double confidence : candidates.confidence()) {
              weight *= confidence;
            }
            int[] after = state.clone();
            if (masked.length > 0) {
              BitSet open = new BitSet();
              open.set(0, masked.length);
              policy.select(candidates, open).stream().forEach(i -> after[masked[i]] = drawn[i]);
            }
            next[TabularNetwork.number(after, network.vocabulary() + 1)] += weight;
          }
        });
    return next;
  }

  private static Candidates candidates(double[][] p, int[] positions, int[] drawn) {
    double[] confidence = new double[drawn.length];
    double[] entropy = new double[drawn.length];
    for (int i = 0; i < drawn.length; i++) {
      confidence[i] = p[positions[i]][drawn[i]];
      entropy[i] = Arrays.stream(p[positions[i]]).map(x -> -x * Math.log(x)).sum();
    }
    return new Candidates(drawn, confidence, entropy, new double[drawn.length]);
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
