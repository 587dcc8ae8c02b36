package dev.unmask.lm.objective;

import java.util.Arrays;

/** Collects the rows, targets and weights of a batch. */
final class ScoredTokens {
  private final int[] rows;
  private final int[] targets;
  private final float[] weights;
  private int count;

  ScoredTokens(int capacity) {
    rows = new int[capacity];
    targets = new int[capacity];
    weights = new float[capacity];
  }

  void add(int row, int target, double weight) {
    rows[count] = row;
    targets[count] = target;
    weights[count] = (float) weight;
    count++;
  }

  /** A batch needs a row: where chance masked nothing, one counts nothing. */
  ScoredTokens orNothing(int target) {
    if (count == 0) {
      add(0, target, 0);
    }
    return this;
  }

  int[] rows() {
    return Arrays.copyOf(rows, count);
  }

  int[] targets() {
    return Arrays.copyOf(targets, count);
  }

  float[] weights() {
    return Arrays.copyOf(weights, count);
  }
}
