package dev.unmask.lm.backbone;

/**
 * Cosines and sines of the rotary positions (RoFormer, arXiv:2104.09864), rotate-half: the first
 * half of a head is paired with its second half.
 *
 * @param cos row-major {@code [contextLength, headWidth]}
 * @param sin the same, negative in the first half, so that rotating is {@code x cos + swapped(x)
 *     sin}
 */
record RotaryTable(float[] cos, float[] sin) {
  static RotaryTable of(BackboneConfig config) {
    int width = config.headWidth();
    int half = width / 2;
    float[] cos = new float[config.contextLength() * width];
    float[] sin = new float[cos.length];
    for (int position = 0; position < config.contextLength(); position++) {
      for (int i = 0; i < half; i++) {
        double angle = position * Math.pow(config.ropeBase(), -2.0 * i / width);
        int at = position * width + i;
        cos[at] = (float) Math.cos(angle);
        cos[at + half] = cos[at];
        sin[at + half] = (float) Math.sin(angle);
        sin[at] = -sin[at + half];
      }
    }
    return new RotaryTable(cos, sin);
  }
}
