package dev.unmask.lm.evaluation;

/**
 * What a training run costs, as counted in the scaling study of masked diffusion models (SMDM,
 * arXiv:2410.18514, after Hoffmann et al., arXiv:2203.15556): C = 6 N D operations for N parameters
 * without embedding and head, and D tokens.
 */
public final class TrainingCompute {
  private static final double OPERATIONS_PER_PARAMETER_AND_TOKEN = 6;

  private TrainingCompute() {}

  /**
   * Parameters of a Llama-style network with as many key/value heads as heads, embedding and head
   * left out: four attention matrices, three of the feed-forward network and two gains a layer, and
   * the last gain.
   */
  public static long parameters(int layers, int width, int feedForward) {
    long attention = 4L * width * width;
    long network = 3L * width * feedForward;
    return layers * (attention + network + 2L * width) + width;
  }

  /** Operations of training {@code parameters} on {@code tokens}. */
  public static double operations(double parameters, double tokens) {
    return OPERATIONS_PER_PARAMETER_AND_TOKEN * parameters * tokens;
  }

  /** Optimizer steps that a budget pays for, rounded down. */
  public static long steps(double compute, double parameters, int batch, int length) {
    return (long) (compute / operations(parameters, (double) batch * length));
  }

  /**
   * Mean length of sequences of which a share is cut to a length drawn evenly from 1..length.
   *
   * @param share in [0, 1]
   */
  public static double meanLength(int length, double share) {
    return length * (1 - share) + (length + 1) / 2.0 * share;
  }
}
