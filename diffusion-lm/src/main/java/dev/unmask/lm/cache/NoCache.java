package dev.unmask.lm.cache;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.ForwardPass;

/** Computes the whole canvas in every forward pass: the naive way and the oracle of the others. */
public final class NoCache implements KvCache {
  private final CacheForward forward;

  /**
   * @param positionOffset what is added to an index of the canvas to give its position
   */
  public NoCache(Backbone backbone, AttentionLayout attention, int positionOffset) {
    this.forward = new CacheForward(backbone, attention, positionOffset);
  }

  @Override
  public ForwardPass denoise(int[] canvas, Block block, int[] rows) {
    return forward.run(canvas, 0, canvas.length, null, rows);
  }

  @Override
  public long lookups() {
    return forward.lookups();
  }

  @Override
  public long hits() {
    return forward.hits();
  }

  @Override
  public void close() {}
}
