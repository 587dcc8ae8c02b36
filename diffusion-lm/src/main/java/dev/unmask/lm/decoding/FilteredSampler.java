package dev.unmask.lm.decoding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.TensorScope;

/**
 * Draws on the device from what temperature, top-p and top-k leave, where the filters count at
 * temperature 0 too (Dream, arXiv:2508.15487); only four numbers a row come back to Java. Engine
 * thread only.
 */
public final class FilteredSampler implements AutoCloseable {
  private final TensorScope scope;
  private final Kernels kernels;
  private final NDArray noMask;
  private final NDArray noMaskNorEnd;

  /** Which distribution a drawn token is scored by. */
  public enum Scoring {
    /** The one it was drawn from (Dream). */
    FILTERED("draw"),
    /** The network's own, at temperature 1 and without filters (SMDM, LLaDA). */
    UNSCALED("draw_unscaled");

    private final String kernel;

    Scoring(String kernel) {
      this.kernel = kernel;
    }
  }

  /**
   * What is left to draw from.
   *
   * @param temperature divides the logits; 0 takes the most probable token
   * @param topP mass of the tokens kept, the token that crosses it included; 1 keeps all
   * @param topK number of tokens kept after that, ties with the last included; 0 keeps all
   */
  public record Filter(double temperature, double topP, int topK) {
    public Filter {
      DecodeSettingException.check(
          temperature >= 0 && temperature <= 10, "temperature", "in [0, 10]", temperature);
      DecodeSettingException.check(topP > 0 && topP <= 1, "topP", "in (0, 1]", topP);
      DecodeSettingException.check(topK >= 0, "topK", "at least 0", topK);
    }
  }

  private FilteredSampler(double[] always, double[] beforeTheEnd) {
    this.scope = TensorScope.open();
    this.kernels = Kernels.load(FilteredSampler.class);
    this.noMask = scope.manager().create(always);
    this.noMaskNorEnd = scope.manager().create(beforeTheEnd);
  }

  /**
   * @param vocabularySize columns of the logits
   * @param maskId column that is never drawn
   * @param endOfText column that is left out where an answer may not end
   */
  public static FilteredSampler of(int vocabularySize, int maskId, int endOfText) {
    double[] always = new double[vocabularySize];
    always[maskId] = Double.NEGATIVE_INFINITY;
    double[] beforeTheEnd = always.clone();
    if (endOfText >= 0) {
      beforeTheEnd[endOfText] = Double.NEGATIVE_INFINITY;
    }
    return new FilteredSampler(always, beforeTheEnd);
  }

  /** Draws any column. */
  public static FilteredSampler withoutMask(int vocabularySize) {
    return new FilteredSampler(new double[vocabularySize], new double[vocabularySize]);
  }

  /** Draws behind one filter, scored in one way. */
  public TokenDraw by(Filter filter, Scoring scoring) {
    return (logits, uniforms, mayEnd) -> draw(logits, uniforms, mayEnd, filter, scoring);
  }

  private Candidates draw(
      NDArray logits, double[] uniforms, boolean mayEnd, Filter filter, Scoring scoring) {
    int columns = (int) logits.getShape().get(1);
    try (TensorScope call = scope.child()) {
      NDArray u = call.manager().create(uniforms, new Shape(uniforms.length, 1));
      NDArray scores =
          kernels
              .call(
                  call,
                  scoring.kernel,
                  logits,
                  mayEnd ? noMask : noMaskNorEnd,
                  u,
                  filter.temperature(),
                  filter.topP(),
                  Math.min(filter.topK(), columns))
              .get(0);
      return Candidates.unpack(scores.toDoubleArray());
    }
  }

  /**
   * One token a row by the largest of log probability plus Gumbel noise (LLaDA, arXiv:2502.09992),
   * scored by the network's own distribution.
   *
   * @param logits float32 {@code [rows, V]}; stays owned by the caller
   * @param uniforms numbers in (0, 1), row-major {@code [rows, V]}; empty at temperature 0
   * @param mayEnd whether end of text may be drawn
   * @param unscored tokens left out of the distribution that scores: theirs is 0
   */
  public Candidates race(
      NDArray logits, double[] uniforms, boolean mayEnd, Filter filter, int... unscored) {
    long columns = logits.getShape().get(1);
    try (TensorScope call = scope.child()) {
      NDArray bias = mayEnd ? noMask : noMaskNorEnd;
      NDArray u =
          filter.temperature() > 0
              ? call.manager().create(uniforms, logits.getShape())
              : call.manager().create(new double[] {0.5});
      NDArray scores =
          kernels
              .call(
                  call,
                  "race_unscaled",
                  logits,
                  bias,
                  unscored.length == 0 ? bias : without(call, bias, unscored),
                  u,
                  filter.temperature(),
                  filter.topP(),
                  (int) Math.min(filter.topK(), columns))
              .get(0);
      return Candidates.unpack(scores.toDoubleArray());
    }
  }

  private static NDArray without(TensorScope call, NDArray bias, int... tokens) {
    double[] values = bias.toDoubleArray();
    for (int token : tokens) {
      values[token] = Double.NEGATIVE_INFINITY;
    }
    return call.manager().create(values);
  }

  /**
   * The distributions drawn from, for scoring and study.
   *
   * @param logits float32 {@code [rows, V]}; stays owned by the caller
   * @return row-major {@code [rows, V]}, every row summing to 1
   */
  public double[] probabilities(NDArray logits, Filter filter) {
    int columns = (int) logits.getShape().get(1);
    try (TensorScope call = scope.child()) {
      return kernels
          .call(
              call,
              "probabilities",
              logits,
              noMask,
              filter.temperature(),
              filter.topP(),
              Math.min(filter.topK(), columns))
          .get(0)
          .toDoubleArray();
    }
  }

  @Override
  public void close() {
    kernels.close();
    scope.close();
  }
}
