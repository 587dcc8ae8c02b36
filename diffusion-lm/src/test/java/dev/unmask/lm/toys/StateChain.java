package dev.unmask.lm.toys;

import java.util.Arrays;

/**
 * The exact output distribution of a process that draws, step by step, every position of a sequence
 * independently of the others given the sequence before the step.
 *
 * @param states of a position
 * @param length positions
 */
public record StateChain(int states, int length) {
  /** What a step draws a position's next state by. */
  @FunctionalInterface
  public interface Step {
    /**
     * Weights of the next states of one position, not normalised; none below zero is ever drawn.
     *
     * @param before the sequence before the step
     */
    double[] weights(int step, int[] before, int position);
  }

  /** All positions in one state. */
  public double[] constant(int state) {
    int[] sequence = new int[length];
    Arrays.fill(sequence, state);
    double[] start = new double[size()];
    start[TabularNetwork.number(sequence, states)] = 1;
    return start;
  }

  /** Every sequence alike. */
  public double[] uniform() {
    double[] start = new double[size()];
    Arrays.fill(start, 1.0 / start.length);
    return start;
  }

  private int size() {
    return (int) Math.round(Math.pow(states, length));
  }

  /**
   * Goes through all steps.
   *
   * @param start distribution over all sequences, row-major
   */
  public double[] run(double[] start, int steps, Step step) {
    double[] now = start;
    for (int i = 0; i < steps; i++) {
      double[] next = new double[now.length];
      for (int n = 0; n < now.length; n++) {
        if (now[n] > 0) {
          spread(now[n], rows(i, TabularNetwork.digits(n, states, length), step), next);
        }
      }
      now = next;
    }
    return now;
  }

  private double[][] rows(int index, int[] before, Step step) {
    double[][] rows = new double[length][];
    for (int i = 0; i < length; i++) {
      double[] weights = Arrays.copyOf(step.weights(index, before, i), states);
      double sum = Arrays.stream(weights).filter(w -> w > 0).sum();
      rows[i] = Arrays.stream(weights).map(w -> Math.max(0, w) / sum).toArray();
    }
    return rows;
  }

  private void spread(double probability, double[][] rows, double[] next) {
    for (int n = 0; n < next.length; n++) {
      int[] after = TabularNetwork.digits(n, states, length);
      double p = probability;
      for (int i = 0; i < length; i++) {
        p *= rows[i][after[i]];
      }
      next[n] += p;
    }
  }

  /** From a distribution over sequences of V tokens and the mask to that over sequences of V. */
  public double[] withoutMask(double[] distribution) {
    return Arrays.stream(TabularNetwork.all(states - 1, length))
        .mapToDouble(sequence -> distribution[TabularNetwork.number(sequence, states)])
        .toArray();
  }
}
