package dev.unmask.lm.decoding.policy;

import java.util.BitSet;
import java.util.Map;

/**
 * Decides which masked positions of a block are unmasked after one forward pass. Each policy
 * unmasks at least one position a step, so a block of n masked positions takes at most n steps.
 */
public interface DecodingPolicy {
  /**
   * Chooses positions to unmask.
   *
   * @param candidates what the forward pass proposes for each position of the block
   * @param masked positions still masked, one at least; not modified
   * @return a non-empty subset of {@code masked}; ties go to the lowest position
   * @throws IllegalArgumentException if no position is masked
   */
  BitSet select(Candidates candidates, BitSet masked);

  /**
   * The policy of one denoising step, for policies that change from step to step.
   *
   * @param step denoising steps of this block before, from 0
   * @param blockLength tokens of a block
   */
  default DecodingPolicy atStep(int step, int blockLength) {
    return this;
  }

  /** Its settings by the names that requests and reports give them. */
  Map<String, Object> settings();
}
