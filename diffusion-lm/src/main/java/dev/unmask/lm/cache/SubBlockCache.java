package dev.unmask.lm.cache;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * The two caches of Fast-dLLM v2 (arXiv:2509.26328): keys and values of finished blocks, which are
 * exact under block-causal attention, and those of the block in work, of which only a sub-block is
 * computed again, which is approximate. For predictions one row to the left: the first token of a
 * block comes from the last of the finished block before it, and thus from the pass that stores it.
 *
 * <p>The canvas is worked on in sub-blocks; the first token of a block that follows another is a
 * sub-block of its own.
 */
public final class SubBlockCache implements KvCache {
  private final CacheForward forward;
  private final Sizes sizes;
  private final boolean keepsBlock;
  private final BlockCache.Storing prompt;
  private final int maskId;
  private @Nullable KeyValues finished;
  private @Nullable KeyValues inWork;

  /**
   * @param block tokens of a block; blocks of the canvas end at multiples of it
   * @param subBlock tokens of a sub-block, a divisor of {@code block}
   */
  public record Sizes(int block, int subBlock) {
    public Sizes {
      if (subBlock < 1 || block % subBlock != 0) {
        throw new IllegalArgumentException(
            "sub-block size must divide the block size " + block + ", was " + subBlock);
      }
    }
  }

  /**
   * @param keepsBlock whether the block in work is cached too
   * @param prompt whether the prompt is stored alongside the first denoising step or apart from it
   */
  public SubBlockCache(
      Backbone backbone, Sizes sizes, boolean keepsBlock, BlockCache.Storing prompt) {
    this.sizes = sizes;
    this.keepsBlock = keepsBlock;
    this.prompt = prompt;
    this.maskId = backbone.config().maskId();
    this.forward = new CacheForward(backbone, new AttentionLayout.BlockCausal(sizes.block()), 0);
  }

  @Override
  public ForwardPass denoise(int[] canvas, Block sub, int[] rows) {
    int base = sub.from() - sub.from() % sizes.block();
    if (stored() < base && sub.to() == base + 1) {
      return storeThrough(canvas, base, rows);
    }
    int start = sub.from() - sub.from() % sizes.subBlock();
    if (keepsBlock && inWork != null && canvas[start] != maskId) {
      int end = Math.min(start + sizes.subBlock(), base + inWork.length());
      return again(canvas, base, inWork, new Block(start, end), rows);
    }
    return wholeBlock(canvas, base, rows);
  }

  /** The finished tokens up to {@code end}, whose last one predicts the token behind them. */
  private ForwardPass storeThrough(int[] canvas, int end, int[] rows) {
    ForwardPass pass = forward.run(canvas, stored(), end, finished, rows);
    keep(pass.keyValues(), end - stored());
    forgetBlock();
    return pass;
  }

  private ForwardPass wholeBlock(int[] canvas, int base, int[] rows) {
    int from = stored();
    int to = Math.min(canvas.length, base + sizes.block());
    ForwardPass pass = forward.run(canvas, from, to, finished, rows);
    forgetBlock();
    if (keepsBlock) {
      inWork = pass.keyValues().slice(base - from, to - from);
    }
    if (from < base) {
      keep(pass.keyValues(), base - from);
    }
    return pass;
  }

  /** One sub-block among the finished blocks and the rest of the block in work. */
  private ForwardPass again(int[] canvas, int base, KeyValues block, Block sub, int[] rows) {
    try (KeyValues others = around(block, sub.from() - base, sub.to() - base)) {
      ForwardPass pass = forward.run(canvas, sub.from(), sub.to(), others, rows);
      block.overwrite(sub.from() - base, pass.keyValues());
      return pass;
    }
  }

  private KeyValues around(KeyValues block, int from, int to) {
    KeyValues left = block.slice(0, from);
    if (finished != null) {
      try (KeyValues inBlock = left) {
        left = finished.concat(inBlock);
      }
    }
    left.reserve(block.length() - from);
    try (KeyValues right = block.slice(to, block.length())) {
      left.append(right);
    }
    return left;
  }

  @Override
  public int owed(int from) {
    int base = from - from % sizes.block();
    return prompt == BlockCache.Storing.APART && from > base && stored() < base ? base : 0;
  }

  @Override
  public void store(int[] canvas, int end) {
    storeThrough(canvas, end, new int[] {end}).close();
  }

  private void keep(KeyValues computed, int length) {
    KeyValues clean = computed.slice(0, length);
    if (finished == null) {
      finished = clean;
    } else {
      try (clean) {
        finished.append(clean);
      }
    }
    finished.reserve(2 * sizes.block());
  }

  private int stored() {
    return finished == null ? 0 : finished.length();
  }

  private void forgetBlock() {
    if (inWork != null) {
      inWork.close();
      inWork = null;
    }
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
    forgetBlock();
    if (finished != null) {
      finished.close();
    }
  }
}
