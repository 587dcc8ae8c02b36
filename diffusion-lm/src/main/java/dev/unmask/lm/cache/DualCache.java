package dev.unmask.lm.cache;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * For full-attention models: the first forward pass of a block computes the whole canvas, which is
 * exact, and keeps what stands left and right of the block; later passes compute the block alone.
 * Those are approximate (Fast-dLLM's DualCache, arXiv:2505.22618). Keys carry their rotary
 * positions, so left and right need no gap between them.
 */
public final class DualCache implements KvCache {
  private final CacheForward forward;
  private @Nullable Block current;
  private @Nullable KeyValues surroundings;

  public DualCache(Backbone backbone) {
    this.forward = new CacheForward(backbone, new AttentionLayout.Full(), 0);
  }

  @Override
  public ForwardPass denoise(int[] canvas, Block block, int[] rows) {
    int first = forward.firstFor(block.from());
    if (block.equals(current)) {
      return forward.run(canvas, first, block.to(), surroundings, rows);
    }
    close();
    ForwardPass pass = forward.run(canvas, 0, canvas.length, null, rows);
    surroundings = around(pass.keyValues(), new Block(first, block.to()), canvas.length);
    current = block;
    return pass;
  }

  private static @Nullable KeyValues around(KeyValues whole, Block block, int length) {
    if (block.size() == length) {
      return null;
    }
    KeyValues kept = whole.slice(0, block.from());
    kept.reserve(length - block.from());
    try (KeyValues right = whole.slice(block.to(), length)) {
      kept.append(right);
    }
    return kept;
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
  public void close() {
    if (surroundings != null) {
      surroundings.close();
      surroundings = null;
    }
  }
}
