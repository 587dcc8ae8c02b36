package dev.unmask.lm.corruption;

import dev.unmask.lm.random.KeyedRandom;
import java.util.BitSet;

/**
 * The forward process x0 to xt that replaces tokens by the mask token. Which positions are masked
 * depends on the key alone, never on the batch around them.
 */
public final class AbsorbingCorruption {
  private AbsorbingCorruption() {}

  /** Masks each of the positions {@code from} to {@code to} with the same probability. */
  public static void mask(BitSet masked, int from, int to, double probability, KeyedRandom random) {
    for (int position = from; position < to; position++) {
      if (random.uniform(position) < probability) {
        masked.set(position);
      }
    }
  }

  /**
   * Masks exactly {@code count} of the positions {@code from} to {@code to}, every subset alike.
   */
  public static void maskExactly(BitSet masked, int from, int to, int count, KeyedRandom random) {
    if (count < 0 || count > to - from) {
      throw new IllegalArgumentException("count must be in [0, " + (to - from) + "], was " + count);
    }
    int[] order = random.permutation(to - from);
    for (int i = 0; i < count; i++) {
      masked.set(from + order[i]);
    }
  }

  /** A copy of {@code clean} with the mask token at the masked positions. */
  public static int[] apply(int[] clean, BitSet masked, int maskId) {
    int[] corrupted = clean.clone();
    masked.stream().forEach(position -> corrupted[position] = maskId);
    return corrupted;
  }
}
