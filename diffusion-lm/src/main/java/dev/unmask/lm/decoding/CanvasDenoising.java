package dev.unmask.lm.decoding;

import java.util.Optional;

/**
 * A denoising of an {@link OpenCanvas}: what is the same however tokens are chosen. Engine thread
 * only.
 */
public abstract class CanvasDenoising implements Denoising {
  private final OpenCanvas open;
  private long nanos;

  /**
   * @param open changed by this denoising alone
   */
  protected CanvasDenoising(OpenCanvas open) {
    this.open = open;
  }

  /** One forward pass and what follows from it. */
  protected abstract DenoisingStep pass();

  /** Whether the sampler stops here though neither the canvas is full nor the answer at its end. */
  protected boolean cutShort() {
    return false;
  }

  /** Time spent in steps so far, in milliseconds. */
  protected final double millis() {
    return nanos / 1e6;
  }

  @Override
  public final DenoisingStep step() {
    if (finished()) {
      throw new IllegalStateException("nothing is left to denoise");
    }
    long start = System.nanoTime();
    DenoisingStep done = pass();
    nanos += System.nanoTime() - start;
    return done;
  }

  @Override
  public boolean finished() {
    return open.finished() || cutShort();
  }

  @Override
  public final Optional<FinishReason> finishReason() {
    if (!finished()) {
      return Optional.empty();
    }
    return Optional.of(open.ended() || cutShort() ? FinishReason.STOP : FinishReason.LENGTH);
  }

  @Override
  public final int[] tokens() {
    return open.tokens(open.ended() || cutShort());
  }

  @Override
  public final int committedPrefix() {
    return open.committedPrefix();
  }

  @Override
  public final String committedText() {
    return open.committedText(finished());
  }

  @Override
  public final int[] canvas() {
    return open.ids().clone();
  }
}
