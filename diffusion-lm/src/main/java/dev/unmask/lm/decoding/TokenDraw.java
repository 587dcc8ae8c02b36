package dev.unmask.lm.decoding;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.decoding.policy.Candidates;

/** How tokens are drawn from logits, and from which distribution they are scored. */
@FunctionalInterface
public interface TokenDraw {
  /**
   * One token a row and its scores.
   *
   * @param logits float32 {@code [rows, V]}; stays owned by the caller
   * @param uniforms one number in (0, 1) a row
   * @param mayEnd whether end of text may be drawn
   */
  Candidates draw(NDArray logits, double[] uniforms, boolean mayEnd);
}
