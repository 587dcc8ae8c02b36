package dev.unmask.lm.cache;

import dev.unmask.lm.backbone.ForwardPass;
import java.util.BitSet;

/**
 * Unsupervised classifier-free guidance (SMDM, arXiv:2410.18514): a second canvas on which the
 * given tokens are masked runs beside the first, and the logits c of the first are moved away from
 * the logits u of the second, u + (w + 1)(c - u). The two count as one forward pass of two rows.
 */
public final class GuidedCache implements KvCache {
  private final KvCache conditional;
  private final KvCache unconditional;
  private final BitSet given;
  private final int maskId;
  private final double scale;

  /**
   * @param conditional of the canvas; closed with this one
   * @param unconditional of the canvas without what is given; closed with this one
   * @param given positions of the tokens that are there from the start
   * @param scale w, above 0
   */
  public GuidedCache(
      KvCache conditional, KvCache unconditional, BitSet given, int maskId, double scale) {
    if (!(scale > 0)) {
      throw new IllegalArgumentException("guidance must be above 0, was " + scale);
    }
    this.conditional = conditional;
    this.unconditional = unconditional;
    this.given = (BitSet) given.clone();
    this.maskId = maskId;
    this.scale = scale;
  }

  @Override
  public ForwardPass denoise(int[] canvas, Block block, int[] rows) {
    ForwardPass with = conditional.denoise(canvas, block, rows);
    try {
      return with.awayFrom(unconditional.denoise(withoutGiven(canvas), block, rows), scale);
    } catch (RuntimeException e) {
      with.close();
      throw e;
    }
  }

  private int[] withoutGiven(int[] canvas) {
    int[] hidden = canvas.clone();
    given.stream().forEach(position -> hidden[position] = maskId);
    return hidden;
  }

  @Override
  public long lookups() {
    return conditional.lookups() + unconditional.lookups();
  }

  @Override
  public long hits() {
    return conditional.hits() + unconditional.hits();
  }

  @Override
  public void close() {
    conditional.close();
    unconditional.close();
  }
}
