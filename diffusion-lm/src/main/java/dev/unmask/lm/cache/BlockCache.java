package dev.unmask.lm.cache;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the clean keys and values of every finished block of a block-causal model. Exact: a
 * finished block sees nothing to its right, so its keys and values never change (SDAR,
 * arXiv:2510.06303).
 *
 * <p>Storing alongside costs no forward pass of its own. A finished block (or the prompt) runs
 * together with the first denoising step of the next block: one block-causal pass over [finished |
 * masked], of which the finished part is stored. Storing apart, as the published code does, takes
 * one pass more a block and gives the same logits.
 *
 * <p>Where the row to the left predicts, the last token of the finished part is computed again with
 * every pass, for the first token of the block.
 */
public final class BlockCache implements KvCache {
  private final CacheForward forward;
  private final int blockSize;
  private final Storing storing;
  private @Nullable KeyValues finished;

  /** When a finished block is stored. */
  public enum Storing {
    /** Together with the first denoising step of the next block. */
    ALONGSIDE,
    /** By a forward pass of its own (SDAR's published loop). */
    APART
  }

  /** Stores alongside, as {@link #BlockCache(Backbone, int, int, Storing)}. */
  public BlockCache(Backbone backbone, int blockSize, int positionOffset) {
    this(backbone, blockSize, positionOffset, Storing.ALONGSIDE);
  }

  /**
   * @param blockSize of the layout; blocks of the canvas end at multiples of it, the offset added
   * @param positionOffset what is added to an index of the canvas to give its position
   */
  public BlockCache(Backbone backbone, int blockSize, int positionOffset, Storing storing) {
    if (storing == Storing.APART && backbone.config().alignment() == Alignment.SHIFTED) {
      throw new IllegalArgumentException("predictions one row to the left need storing alongside");
    }
    this.blockSize = blockSize;
    this.storing = storing;
    this.forward =
        new CacheForward(backbone, new AttentionLayout.BlockCausal(blockSize), positionOffset);
  }

  @Override
  public ForwardPass denoise(int[] canvas, Block block, int[] rows) {
    int stored = stored();
    ForwardPass pass = forward.run(canvas, stored, block.to(), finished, rows);
    int kept = forward.firstFor(block.from());
    if (stored < kept) {
      store(pass.keyValues(), kept - stored);
    }
    return pass;
  }

  @Override
  public int owed(int from) {
    return storing == Storing.APART && stored() < from ? from : 0;
  }

  @Override
  public void store(int[] canvas, int end) {
    int stored = stored();
    int[] any = {end - 1};
    try (ForwardPass pass = forward.run(canvas, stored, end, finished, any)) {
      store(pass.keyValues(), end - stored);
    }
  }

  private int stored() {
    return finished == null ? 0 : finished.length();
  }

  private void store(KeyValues computed, int length) {
    KeyValues clean = computed.slice(0, length);
    if (finished == null) {
      finished = clean;
    } else {
      try (clean) {
        finished.append(clean);
      }
    }
    finished.reserve(2 * blockSize); // the next finished block and the one behind it
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
    if (finished != null) {
      finished.close();
    }
  }
}
