package dev.unmask.lm.decoding.policy;

import java.util.BitSet;

/**
 * Decides over the whole canvas, step by step of a reverse process, which masked positions are
 * revealed; a step may reveal nothing. Used inside a block it decides as in its first step, of one
 * position at least.
 */
public interface RevealPolicy extends DecodingPolicy {
  /**
   * The decisions of one canvas.
   *
   * @param masked number of masked positions at the start
   * @param uniforms random numbers of the decisions
   */
  Reveals begin(int masked, RevealUniforms uniforms);

  @Override
  default BitSet select(Candidates candidates, BitSet masked) {
    int[] rows = masked.stream().toArray();
    if (rows.length == 0) {
      throw new IllegalArgumentException("no position is masked");
    }
    Reveals reveals = begin(rows.length, (step, position) -> 0.5);
    BitSet chosen = new BitSet();
    for (int step = 0; chosen.isEmpty(); step++) {
      int[] asked = reveals.asked(rows, step);
      if (asked.length > 0) {
        reveals.select(candidates.at(asked), asked, step).stream()
            .forEach(index -> chosen.set(asked[index]));
      }
    }
    return chosen;
  }

  /** Decisions about one canvas; steps come in order from 0. */
  interface Reveals {
    /**
     * The masked positions whose predictions the step needs.
     *
     * @param masked positions, ascending
     * @return some of them; none if the step reveals nothing whatever is predicted
     */
    int[] asked(int[] masked, int step);

    /**
     * The positions that the step reveals.
     *
     * @param candidates predictions of the {@code asked} positions
     * @param asked as {@link #asked} returned them
     * @return indices into {@code asked}
     */
    BitSet select(Candidates candidates, int[] asked, int step);

    /** Whether there is no step of this number: what is still masked then stays so. */
    default boolean exhausted(int step) {
      return false;
    }
  }

  /** The uniform numbers in (0, 1) that reveals are decided by. */
  @FunctionalInterface
  interface RevealUniforms {
    double uniform(int step, int position);
  }
}
