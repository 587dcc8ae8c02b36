package dev.unmask.inference.generation;

import dev.unmask.inference.engine.GenerationReport;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.support.error.UnmaskException;

/** What happens to one choice of a generation. */
public sealed interface GenerationEvent {
  int choice();

  /**
   * One denoising step.
   *
   * @param number denoising steps of this choice so far
   * @param tokens the answer, the mask id where a position is masked
   * @param text what became final at the left end by it; may be empty
   */
  record Denoised(int choice, int number, DenoisingStep step, int[] tokens, String text)
      implements GenerationEvent {}

  /** The choice is complete: its text is that of all its steps. */
  record Finished(int choice, GenerationReport report) implements GenerationEvent {}

  /** The choice ended without being complete. */
  record Failed(int choice, UnmaskException reason) implements GenerationEvent {}
}
