package dev.unmask.lm.backbone;

/** Waves of the total noise, which the noise embedding starts from: cosines, then sines. */
final class NoiseFeatures {
  /** Number of waves, the same in all published models. */
  static final int COUNT = 256;

  private static final double LONGEST_PERIOD = 10_000;

  private NoiseFeatures() {}

  /** Row-major {@code [noise.length, COUNT]}. */
  static float[] of(double... noise) {
    int half = COUNT / 2;
    float[] features = new float[noise.length * COUNT];
    for (int row = 0; row < noise.length; row++) {
      for (int i = 0; i < half; i++) {
        double angle = noise[row] * Math.pow(LONGEST_PERIOD, -(double) i / half);
        features[row * COUNT + i] = (float) Math.cos(angle);
        features[row * COUNT + half + i] = (float) Math.sin(angle);
      }
    }
    return features;
  }
}
