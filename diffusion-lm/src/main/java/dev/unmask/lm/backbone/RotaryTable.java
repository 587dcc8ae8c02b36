package dev.unmask.lm.backbone;

/**
 * Cosines and sines of the rotary positions from 0 on.
 *
 * @param cos row-major {@code [positions, headWidth]}
 * @param sin the same, negative in the first half, so that rotating is {@code x cos + swapped(x)
 *     sin}
 */
public record RotaryTable(float[] cos, float[] sin) {
  /** The table of so many positions. */
  public static RotaryTable of(RotaryPositions rotary, int headWidth, int positions) {
    int half = headWidth / 2;
    double[] frequencies = rotary.frequencies(headWidth);
    float[] cos = new float[Math.multiplyExact(positions, headWidth)];
    float[] sin = new float[cos.length];
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < half; i++) {
        double angle = position * frequencies[i];
        int at = position * headWidth + i;
        cos[at] = rounded((float) Math.cos(angle), rotary);
        cos[at + half] = cos[at];
        sin[at + half] = rounded((float) Math.sin(angle), rotary);
        sin[at] = -sin[at + half];
      }
    }
    return new RotaryTable(cos, sin);
  }

  /** To the nearest bfloat16, ties to even. */
  private static float rounded(float value, RotaryPositions rotary) {
    if (!rotary.tableInBfloat16()) {
      return value;
    }
    int bits = Float.floatToRawIntBits(value);
    int even = (bits >>> 16) & 1;
    return Float.intBitsToFloat((bits + 0x7FFF + even) & 0xFFFF0000);
  }
}
