package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.Comparator;

/** Masked positions in the order in which a policy prefers them. */
final class Ranking {
  private Ranking() {}

  /** Highest score first. */
  static int[] descending(double[] score, BitSet masked) {
    return ordered(Comparator.comparingDouble(position -> -score[position]), masked);
  }

  /** Lowest score first. */
  static int[] ascending(double[] score, BitSet masked) {
    return ordered(Comparator.comparingDouble(position -> score[position]), masked);
  }

  /** The first {@code count} of an order, one at least. */
  static BitSet first(int count, int[] order) {
    BitSet chosen = new BitSet();
    for (int i = 0; i < Math.min(Math.max(1, count), order.length); i++) {
      chosen.set(order[i]);
    }
    return chosen;
  }

  /** Stable, so that ties stay in the order of their positions. */
  private static int[] ordered(Comparator<Integer> order, BitSet masked) {
    if (masked.isEmpty()) {
      throw new IllegalArgumentException("no position is masked");
    }
    return masked.stream().boxed().sorted(order).mapToInt(Integer::intValue).toArray();
  }
}
