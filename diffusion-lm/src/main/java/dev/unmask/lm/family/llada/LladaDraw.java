package dev.unmask.lm.family.llada;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.decoding.FilteredSampler;
import dev.unmask.lm.decoding.FilteredSampler.Filter;
import dev.unmask.lm.decoding.RaddSampler;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.family.llada.EvenQuota.Remasking;
import dev.unmask.lm.family.llada.LladaDecoding.LateEnd;
import java.util.Arrays;

/**
 * LLaDA's tokens and their ranks: Gumbel noise on the logits, confidence by the softmax before
 * temperature (arXiv:2502.09992).
 *
 * @param uniforms by pass, position and token, and in the column {@link #REMASKING} the number that
 *     ranks a position at random
 */
record LladaDraw(
    FilteredSampler sampler,
    Filter filter,
    LateEnd lateEnd,
    Remasking remasking,
    RaddSampler.Uniforms uniforms) {

  /** Column of the number that ranks a position where remasking is random. */
  static final int REMASKING = -1;

  /** One token a row, scored by the network's own probability. */
  Candidates draw(NDArray logits, int[] positions, int pass, boolean mayEnd) {
    double[] u = filter.temperature() > 0 ? noise(logits, positions, pass) : new double[0];
    return sampler.race(logits, u, mayEnd, filter, lateEnd.unscored());
  }

  private double[] noise(NDArray logits, int[] positions, int pass) {
    int columns = (int) logits.getShape().get(1);
    double[] u = new double[positions.length * columns];
    Arrays.setAll(u, i -> uniforms.uniform(pass, positions[i / columns], i % columns));
    return u;
  }

  /** The same tokens with the confidence by which they are kept or masked again. */
  Candidates ranked(Candidates drawn, int[] positions, int pass) {
    double[] confidence = lateEnd.ranked(drawn);
    if (remasking == Remasking.RANDOM) {
      Arrays.setAll(confidence, i -> uniforms.uniform(pass, positions[i], REMASKING));
    }
    return new Candidates(drawn.tokens(), confidence, drawn.entropy(), drawn.margin());
  }
}
