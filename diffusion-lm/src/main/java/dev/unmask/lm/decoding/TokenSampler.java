package dev.unmask.lm.decoding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.unmask.lm.backbone.Vocabulary;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.TensorScope;
import java.util.Arrays;

/**
 * Draws a token for every row of logits on the device; only four numbers a row come back to Java.
 * The mask id is never drawn. Engine thread only.
 */
public final class TokenSampler implements AutoCloseable {
  private final TensorScope scope;
  private final Kernels kernels;
  private final NDArray noMask;
  private final NDArray noMaskNorEnd;
  private final NDArray unscored;

  /** One that may draw every column, for networks without a mask column to leave out. */
  static TokenSampler ofEveryToken(int vocabularySize) {
    return new TokenSampler(vocabularySize, -1, -1);
  }

  /**
   * A sampler whose {@link #nats} go over the columns that the network was trained with.
   *
   * @param endOfText column that is left out where an answer may not end, negative for none
   */
  public static TokenSampler of(Vocabulary vocabulary, int endOfText) {
    boolean maskScored = vocabulary.scoredColumns() == vocabulary.size();
    return new TokenSampler(vocabulary.size(), vocabulary.maskId(), endOfText, maskScored);
  }

  /**
   * A sampler that leaves the mask out of all distributions.
   *
   * @param vocabularySize columns of the logits
   * @param maskId column that is never drawn; negative for none
   * @param endOfText column that is left out where an answer may not end; negative for none
   */
  public TokenSampler(int vocabularySize, int maskId, int endOfText) {
    this(vocabularySize, maskId, endOfText, false);
  }

  private TokenSampler(int vocabularySize, int maskId, int endOfText, boolean maskScored) {
    this.scope = TensorScope.open();
    this.kernels = Kernels.load(TokenSampler.class);
    double[] forbidden = new double[vocabularySize];
    NDArray nothing = scope.manager().create(forbidden);
    if (maskId >= 0) {
      forbidden[maskId] = Double.NEGATIVE_INFINITY;
    }
    this.noMask = scope.manager().create(forbidden);
    this.unscored = maskScored ? nothing : noMask;
    if (endOfText >= 0) {
      forbidden[endOfText] = Double.NEGATIVE_INFINITY;
    }
    this.noMaskNorEnd = scope.manager().create(forbidden);
  }

  /**
   * Softmax of logits / temperature, top-p, then one draw by the inverse distribution function; at
   * temperature 0 the most probable token, scored by the plain softmax.
   *
   * @param logits float32 {@code [rows, V]}; stays owned by the caller
   * @param uniforms one number in (0, 1) a row; not used at temperature 0
   * @param mayEnd whether end of text may be drawn
   */
  public Candidates draw(
      NDArray logits, double[] uniforms, double temperature, double topP, boolean mayEnd) {
    return draw(logits, uniforms, new Filter(temperature, 0, topP), mayEnd);
  }

  /** As the other {@code draw}, with top-k before top-p. */
  Candidates draw(NDArray logits, double[] uniforms, Filter filter, boolean mayEnd) {
    NDArray bias = mayEnd ? noMask : noMaskNorEnd;
    try (TensorScope call = scope.child()) {
      NDArray u = call.manager().create(uniforms, new Shape(uniforms.length, 1));
      double[] scores =
          kernels
              .call(
                  call, "draw", logits, bias, u, filter.temperature(), filter.topK(), filter.topP())
              .get(0)
              .toDoubleArray();
      return unpack(scores, uniforms.length);
    }
  }

  /**
   * What is drawn from at a temperature above 0: softmax of logits / temperature, then the most
   * probable {@code topK} (ties with the last kept), then the nucleus of what is left.
   *
   * @param topK 0 keeps all
   * @param topP 1 keeps all
   */
  record Filter(double temperature, int topK, double topP) {}

  /** The distribution that {@link #draw} draws from, {@code [rows][V]}. */
  double[][] probabilities(NDArray logits, Filter filter) {
    int rows = (int) logits.getShape().get(0);
    try (TensorScope call = scope.child()) {
      double[] flat =
          kernels
              .call(
                  call,
                  "probabilities",
                  logits,
                  noMask,
                  filter.temperature(),
                  filter.topK(),
                  filter.topP())
              .get(0)
              .toDoubleArray();
      int columns = flat.length / rows;
      double[][] result = new double[rows][];
      Arrays.setAll(result, row -> Arrays.copyOfRange(flat, row * columns, (row + 1) * columns));
      return result;
    }
  }

  /**
   * Minus log probability of given tokens, in nats. The mask id is left out of the softmax, unless
   * the network was trained with it in.
   *
   * @param logits float32 {@code [rows, V]}; stays owned by the caller
   * @param targets one token a row
   */
  public double[] nats(NDArray logits, int[] targets) {
    try (TensorScope call = scope.child()) {
      return kernels
          .call(call, "nats", logits, unscored, call.longs(targets))
          .get(0)
          .toDoubleArray();
    }
  }

  private static Candidates unpack(double[] scores, int rows) {
    int[] tokens = new int[rows];
    double[][] columns = new double[3][rows];
    for (int row = 0; row < rows; row++) {
      tokens[row] = (int) scores[row];
      for (int column = 0; column < 3; column++) {
        columns[column][row] = scores[(column + 1) * rows + row];
      }
    }
    return new Candidates(tokens, columns[0], columns[1], columns[2]);
  }

  @Override
  public void close() {
    kernels.close();
    scope.close();
  }
}
