package dev.unmask.lm.backbone;

/**
 * Rotary positions (RoFormer, arXiv:2104.09864), rotate-half: the first half of a head is paired
 * with its second half.
 *
 * @param base of the frequencies {@code base^(-2i/E)}
 * @param scaling how the frequencies were changed for longer contexts
 * @param tableInBfloat16 whether cosines and sines are rounded to bfloat16, as the published SMDM
 *     code does
 */
public record RotaryPositions(double base, Scaling scaling, boolean tableInBfloat16) {

  /** Change of a frequency, in radians a position. */
  public sealed interface Scaling {
    double apply(double frequency);
  }

  /** Frequencies as they are. */
  public record Unscaled() implements Scaling {
    @Override
    public double apply(double frequency) {
      return frequency;
    }
  }

  /** Positions divided by a factor (position interpolation, arXiv:2306.15595). */
  public record Interpolated(double factor) implements Scaling {
    public Interpolated {
      requirePositive("factor", factor);
    }

    @Override
    public double apply(double frequency) {
      return frequency / factor;
    }
  }

  /**
   * Slow frequencies divided by a factor, fast ones kept, a straight transition between (Llama 3.1,
   * arXiv:2407.21783).
   *
   * @param lowFrequencyFactor turns within the original context below which a frequency is slow
   * @param highFrequencyFactor turns above which it is fast
   * @param originalContext context length before the extension
   */
  public record Llama3(
      double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
      implements Scaling {
    public Llama3 {
      requirePositive("factor", factor);
      requirePositive("low_freq_factor", lowFrequencyFactor);
      requirePositive("original_max_position_embeddings", originalContext);
      requirePositive(
          "high_freq_factor minus low_freq_factor", highFrequencyFactor - lowFrequencyFactor);
    }

    @Override
    public double apply(double frequency) {
      double turns = originalContext * frequency / (2 * Math.PI);
      double kept = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
      double share = Math.clamp(kept, 0.0, 1.0);
      return (1 - share) * frequency / factor + share * frequency;
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          "rope scaling: " + name + " must be positive, was " + value);
    }
  }

  /** Unscaled frequencies of a base. */
  public static RotaryPositions of(double base) {
    return new RotaryPositions(base, new Unscaled(), false);
  }

  public RotaryPositions scaledBy(Scaling other) {
    return new RotaryPositions(base, other, tableInBfloat16);
  }

  /** With cosines and sines rounded to bfloat16. */
  public RotaryPositions roundedToBfloat16() {
    return new RotaryPositions(base, scaling, true);
  }

  /** The E/2 frequencies of a head of width E, in radians a position. */
  double[] frequencies(int headWidth) {
    double[] frequencies = new double[headWidth / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = scaling.apply(Math.pow(base, -2.0 * i / headWidth));
    }
    return frequencies;
  }
}
