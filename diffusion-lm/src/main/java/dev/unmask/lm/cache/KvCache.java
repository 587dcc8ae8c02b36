package dev.unmask.lm.cache;

import dev.unmask.lm.backbone.ForwardPass;

/**
 * Runs the backbone for one canvas and remembers keys and values between forward passes. Each
 * {@link #denoise} is exactly one forward pass. Engine thread only.
 *
 * <p>Blocks come from left to right. The caller goes on with a block until it holds no masked
 * position; what stands left of a block never changes once the block is begun.
 */
public interface KvCache extends AutoCloseable {
  /**
   * One forward pass for a block.
   *
   * @param canvas token ids of the whole canvas, the mask id at masked positions
   * @param block the block worked on
   * @param rows indices into the canvas whose logits are wanted, inside the block; one at least
   * @return logits of those rows in their order; closed by the caller
   */
  ForwardPass denoise(int[] canvas, Block block, int[] rows);

  /**
   * Up to where a pass that only stores must run before anything at {@code from} or behind it is
   * denoised; 0 if no such pass is due. Caches that store along with denoising never ask for one.
   *
   * @param from start of a block; everything left of it is final
   */
  default int owed(int from) {
    return 0;
  }

  /** That pass: one forward pass which stores what stands left of {@code end}. */
  default void store(int[] canvas, int end) {
    throw new IllegalStateException("nothing has to be stored");
  }

  /** Positions that forward passes attended to so far, cached or computed. */
  long lookups();

  /** Those of them whose keys and values came from the cache. */
  long hits();

  @Override
  void close();
}
