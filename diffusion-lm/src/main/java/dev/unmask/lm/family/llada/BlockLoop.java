package dev.unmask.lm.family.llada;

import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.OpenCanvas;

/**
 * How often the network runs for a block, and whether decoding stops at the end of text.
 *
 * @param least passes of every block, those of a filled one included
 * @param most passes of every block, after which it is left as it stands
 * @param end what the end of text does
 */
public record BlockLoop(int least, int most, OpenCanvas.End end) {
  public BlockLoop {
    if (least < 1 || most < least) {
      throw new IllegalArgumentException("needs 1 <= least <= most, was " + least + ", " + most);
    }
  }

  /** Until the block is filled or the answer has ended: no pass is wasted, no mask left. */
  public static BlockLoop untilFilled() {
    return new BlockLoop(1, Integer.MAX_VALUE, OpenCanvas.End.STOPS);
  }

  /** LLaDA's published loop: every step is run, whether or not it has a mask left to fill. */
  public static BlockLoop published(int steps) {
    return new BlockLoop(steps, steps, OpenCanvas.End.CUTS);
  }

  /** Fast-dLLM of June 2025: behind a cache one pass more follows a block's first in any case. */
  public static BlockLoop earlyFastDllm(CacheKind cache) {
    int least = cache == CacheKind.NONE ? 1 : 2;
    return new BlockLoop(least, Integer.MAX_VALUE, OpenCanvas.End.CUTS);
  }

  /** Fast-dLLM's later loop: behind a dual cache a block is left after its steps, masks or not. */
  public static BlockLoop laterFastDllm(CacheKind cache, int steps) {
    int most = cache == CacheKind.DUAL ? steps : Integer.MAX_VALUE;
    return new BlockLoop(1, most, OpenCanvas.End.CUTS);
  }

  boolean leaves(int passes, boolean filled) {
    return passes >= most || (filled && passes >= least);
  }
}
