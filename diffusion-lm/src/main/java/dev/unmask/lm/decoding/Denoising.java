package dev.unmask.lm.decoding;

import java.util.Optional;

/**
 * One canvas on its way from noise to tokens. Every {@link #step} is one forward pass, so that many
 * of these can take turns on the engine thread; nothing of one depends on the others. Engine thread
 * only.
 */
public interface Denoising extends AutoCloseable {
  /**
   * Runs one forward pass and commits what follows from it.
   *
   * @throws IllegalStateException if it is finished
   */
  DenoisingStep step();

  /** Whether every position is filled or the answer has ended. */
  boolean finished();

  /**
   * How far the next pass reaches into the canvas: one past the last position that it may unmask,
   * or that a pass which only stores prepares. Canvases that run in {@link Lockstep} wait for the
   * one furthest behind.
   */
  default int frontier() {
    return canvas().length;
  }

  /** Why it finished; empty until then. */
  Optional<FinishReason> finishReason();

  /**
   * The answer's tokens, the mask id where a position is still masked; once finished, those up to
   * the end (a token that completed a stop text is the last one, end of text is left out).
   */
  int[] tokens();

  /** Number of the answer's tokens from its start that have no masked position among them. */
  int committedPrefix();

  /**
   * Text of the committed prefix that nothing to come can change or cut off: without what may still
   * turn out to be the start of a stop text or a part of a character. Only grows.
   */
  String committedText();

  /** The whole canvas as it stands, given tokens included, the mask id at masked positions. */
  int[] canvas();

  /** What it took so far. */
  DecodeReport report();

  /** Runs all remaining steps. */
  default DecodeReport finish() {
    while (!finished()) {
      step();
    }
    return report();
  }

  /** Frees what it holds; a denoising may be closed before it is finished. */
  @Override
  void close();
}
