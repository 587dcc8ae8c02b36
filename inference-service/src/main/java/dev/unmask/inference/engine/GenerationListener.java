package dev.unmask.inference.engine;

import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.support.error.UnmaskException;

/**
 * Hears what becomes of a request. Called on the engine thread, in order, so it must not block; the
 * last call is either {@link #finished}, {@link #failed} or {@link #cancelled}.
 */
public interface GenerationListener {

  /**
   * One denoising step is done.
   *
   * @param tokens the answer so far, the mask id where a position is masked; a copy
   * @param committedText what is final at its left end, whole characters only
   */
  void denoised(DenoisingStep step, int[] tokens, String committedText);

  /** No position is masked any more, or the answer has ended before that. */
  void finished(GenerationReport report);

  /** It ended before that, and the caller is told why. */
  void failed(UnmaskException reason);

  /** It ended because it was cancelled; nobody waits for an answer. */
  void cancelled();
}
