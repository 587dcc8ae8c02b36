package dev.unmask.lm.cache;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * Lets a block-causal model write texts longer than its context: a block sees the tokens of a
 * window that ends with it, whose positions count from the window's start (BD3-LM,
 * arXiv:2503.09573). Keys and values of the window's finished part are kept as in {@link
 * BlockCache} until the window moves; then they are computed anew with the next block's first pass,
 * because they had seen what has left the window. Exact either way.
 */
public final class WindowCache implements KvCache {
  private final Backbone backbone;
  private final AttentionLayout attention;
  private final int blockSize;
  private final int window;
  private final int positionOffset;
  private final boolean keeps;
  private @Nullable KeyValues finished;
  private int start;
  private long lookups;
  private long hits;

  /**
   * @param window tokens seen at most, a multiple of the block size
   * @param positionOffset what is added to an index of the canvas so that blocks end at multiples
   *     of their size
   * @param keeps whether anything is kept; if not, every pass computes the whole window
   */
  public WindowCache(
      Backbone backbone, int blockSize, int window, int positionOffset, boolean keeps) {
    if (window < blockSize || window % blockSize != 0) {
      throw new IllegalArgumentException(
          "window must be a multiple of the block size %d, was %d".formatted(blockSize, window));
    }
    this.backbone = backbone;
    this.attention = new AttentionLayout.BlockCausal(blockSize);
    this.blockSize = blockSize;
    this.window = window;
    this.positionOffset = positionOffset;
    this.keeps = keeps;
  }

  @Override
  public ForwardPass denoise(int[] canvas, Block block, int[] rows) {
    int blockEnd = Math.ceilDiv(block.to() + positionOffset, blockSize) * blockSize;
    int moved = Math.max(0, blockEnd - window);
    if (moved != start) {
      forget();
      start = moved;
    }
    int first = Math.max(0, start - positionOffset);
    int stored = finished == null ? 0 : finished.length();
    ForwardPass pass = run(canvas, first + stored, block.to(), rows);
    int settled = block.from() - first - stored;
    if (keeps && settled > 0) {
      store(pass.keyValues(), settled);
    }
    return pass;
  }

  private ForwardPass run(int[] canvas, int from, int to, int[] rows) {
    int[] ids = new int[to - from];
    int[] positions = new int[to - from];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = canvas[from + i];
      positions[i] = from + i + positionOffset - start;
    }
    int[] localRows = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      localRows[i] = rows[i] - from;
    }
    int cached = finished == null ? 0 : finished.length();
    hits += cached;
    lookups += cached + ids.length;
    return backbone.forward(ids, positions, finished, attention, localRows);
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
    finished.reserve(2 * blockSize);
  }

  private void forget() {
    if (finished != null) {
      finished.close();
      finished = null;
    }
  }

  @Override
  public long lookups() {
    return lookups;
  }

  @Override
  public long hits() {
    return hits;
  }

  @Override
  public void close() {
    forget();
  }
}
