package dev.unmask.lm.objective;

import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import java.util.BitSet;
import java.util.List;

/** The batch of a full-attention network in which exactly the masked tokens are scored. */
public final class DenoisingBatch {
  private DenoisingBatch() {}

  /** Factor of one masked token's cross-entropy in the loss, normaliser included. */
  @FunctionalInterface
  public interface TokenWeight {
    double of(int sequence, int position);
  }

  /**
   * @param clean token ids {@code [B][L]}
   * @param masked positions of each sequence that are masked
   * @param alignment which row of the output predicts a position
   */
  public static ScoredBatch of(
      int[][] clean, List<BitSet> masked, int maskId, Alignment alignment, TokenWeight weight) {
    int length = Sequences.length(clean);
    int[][] corrupted = new int[clean.length][];
    ScoredTokens scored = new ScoredTokens(clean.length * length);
    for (int i = 0; i < clean.length; i++) {
      BitSet positions = masked.get(i);
      corrupted[i] = AbsorbingCorruption.apply(clean[i], positions, maskId);
      for (int at = positions.nextSetBit(0); at >= 0; at = positions.nextSetBit(at + 1)) {
        scored.add(i * length + row(alignment, at), clean[i][at], weight.of(i, at));
      }
    }
    scored.orNothing(clean[0][0]);
    return new ScoredBatch(
        clean.length,
        Sequences.flatten(corrupted),
        Sequences.positions(length),
        new Full(),
        scored.rows(),
        scored.targets(),
        scored.weights());
  }

  private static int row(Alignment alignment, int position) {
    return alignment == Alignment.SHIFTED ? Math.max(0, position - 1) : position;
  }
}
