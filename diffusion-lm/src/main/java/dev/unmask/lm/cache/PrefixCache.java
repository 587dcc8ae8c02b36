package dev.unmask.lm.cache;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * For full-attention models: the first forward pass of a block computes the whole canvas, which is
 * exact, and keeps what stands left of the block; later passes of the block compute the rest behind
 * it. Those are approximate, since the kept keys and values saw the block's masks (Fast-dLLM,
 * arXiv:2505.22618).
 */
public final class PrefixCache implements KvCache {
  private final CacheForward forward;
  private @Nullable Block current;
  private @Nullable KeyValues prefix;

  public PrefixCache(Backbone backbone) {
    this.forward = new CacheForward(backbone, new AttentionLayout.Full(), 0);
  }

  @Override
  public ForwardPass denoise(int[] canvas, Block block, int[] rows) {
    if (block.equals(current)) {
      return forward.run(canvas, forward.firstFor(block.from()), canvas.length, prefix, rows);
    }
    close();
    ForwardPass pass = forward.run(canvas, 0, canvas.length, null, rows);
    int kept = forward.firstFor(block.from());
    if (kept > 0) {
      prefix = pass.keyValues().slice(0, kept);
      prefix.reserve(canvas.length - kept);
    }
    current = block;
    return pass;
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
    if (prefix != null) {
      prefix.close();
      prefix = null;
    }
  }
}
