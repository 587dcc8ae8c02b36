package dev.unmask.lm.backbone;

/**
 * How a network is told the noise level besides the noisy tokens: an embedding of the total noise
 * that shifts, scales and gates every layer (adaLN, arXiv:2212.09748).
 *
 * @param width of the embedding; 0 for a network without that input
 * @param active whether the noise level is told at all; if not, the network is always told zero
 *     (MDLM and BD3-LM without time conditioning keep the layers and feed them a constant)
 */
public record NoiseConditioning(int width, boolean active) {
  /** No such input. */
  public static final NoiseConditioning NONE = new NoiseConditioning(0, false);

  public NoiseConditioning {
    if (width < 0 || (active && width == 0)) {
      throw new IllegalArgumentException(
          "width of the noise embedding must be positive, was " + width);
    }
  }

  /** Whether the network has that input. */
  public boolean present() {
    return width > 0;
  }
}
