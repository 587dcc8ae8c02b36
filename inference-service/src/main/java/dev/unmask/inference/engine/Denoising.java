package dev.unmask.inference.engine;

import dev.unmask.lm.decoding.DecodeReport;
import dev.unmask.lm.decoding.DenoisingStep;

/** One request in progress; engine thread only. */
public interface Denoising extends AutoCloseable {
  /** One forward pass, and what it unmasked. */
  DenoisingStep step();

  boolean finished();

  /** The answer's tokens, the mask id where a position is still masked. */
  int[] tokens();

  /** Finished tokens at the answer's left end, with no masked position between them. */
  int committedPrefix();

  DecodeReport report();

  @Override
  void close();
}
