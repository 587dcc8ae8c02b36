package dev.unmask.inference.engine;

import dev.unmask.lm.decoding.DecodeReport;
import dev.unmask.lm.decoding.DenoisingStep;
import dev.unmask.lm.decoding.FinishReason;
import java.util.Optional;

/** One request in progress; engine thread only. */
public interface Denoising extends AutoCloseable {
  /** One forward pass, and what it unmasked. */
  DenoisingStep step();

  boolean finished();

  /** Why it finished; empty until then. */
  Optional<FinishReason> finishReason();

  /**
   * The answer's tokens, the mask id where a position is still masked; once finished, those up to
   * its end.
   */
  int[] tokens();

  /** Finished tokens at the answer's left end, with no masked position between them. */
  int committedPrefix();

  /** Text of the committed prefix that nothing to come can change or cut off; only grows. */
  String committedText();

  DecodeReport report();

  @Override
  void close();
}
