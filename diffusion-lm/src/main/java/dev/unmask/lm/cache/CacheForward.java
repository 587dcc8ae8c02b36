package dev.unmask.lm.cache;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The forward pass over a stretch of a canvas behind cached tokens, and the count of both. */
final class CacheForward {
  private final Backbone backbone;
  private final AttentionLayout attention;
  private final int positionOffset;
  private long lookups;
  private long hits;

  /**
   * @param positionOffset what is added to an index of the canvas to give its position
   */
  CacheForward(Backbone backbone, AttentionLayout attention, int positionOffset) {
    this.backbone = backbone;
    this.attention = attention;
    this.positionOffset = positionOffset;
  }

  /** The first token that must be computed to predict a position: the one that predicts it. */
  int firstFor(int position) {
    return backbone.config().predictingRow(position);
  }

  /**
   * Runs {@code canvas[from, to)} with the past visible to all of it.
   *
   * @param rows positions whose predictions are wanted, the tokens that predict them among those
   *     computed
   */
  ForwardPass run(int[] canvas, int from, int to, @Nullable KeyValues past, int[] rows) {
    int[] ids = tokens(canvas, from, to);
    int[] positions = new int[to - from];
    Arrays.setAll(positions, i -> from + i + positionOffset);
    int[] localRows = new int[rows.length];
    Arrays.setAll(localRows, i -> backbone.config().predictingRow(rows[i]) - from);
    int cached = past == null ? 0 : past.length();
    hits += cached;
    lookups += cached + (to - from);
    return backbone.forward(ids, positions, past, attention, localRows);
  }

  /**
   * Open positions of a network without a mask token get any token: it predicts the next one only,
   * so that nothing asked for sees them.
   */
  private int[] tokens(int[] canvas, int from, int to) {
    int[] ids = Arrays.copyOfRange(canvas, from, to);
    if (!backbone.config().vocabulary().hasMask()) {
      Arrays.setAll(ids, i -> Math.max(0, ids[i]));
    }
    return ids;
  }

  long lookups() {
    return lookups;
  }

  long hits() {
    return hits;
  }
}
