package dev.unmask.lm.decoding;

import java.util.List;

/**
 * What one forward pass changed.
 *
 * @param nfe forward passes so far, this one included
 * @param block index of the block worked on, counted from the first block with masked positions
 * @param committed positions that were unmasked, in order of position; empty after a pass that only
 * @param committed positions that were unmasked, in order of position; empty after a pass that only
 *     stored keys and values, or where a sampler leaves to chance what changes
 * @param maskedLeft positions of the canvas still masked
 */
public record DenoisingStep(int nfe, int block, List<Committed> committed, int maskedLeft) {
  public DenoisingStep {
    committed = List.copyOf(committed);
  }

  /**
   * One unmasked position.
   *
   * @param position in the answer, counted from its first token
   * @param token its id
   * @param probability of the token when it was drawn, after temperature and top-p; in [0, 1]
   */
  public record Committed(int position, int token, double probability) {}
}
