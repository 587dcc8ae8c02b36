package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.torch.TensorScope;

/**
 * The rotary table on the device, as long as the positions met so far need: a context of 131,072
 * positions would take a hundred megabytes that hardly anyone uses. Engine thread only.
 */
final class RotaryCache {
  private static final int FIRST_POSITIONS = 4096;

  private final BackboneConfig config;
  private final TensorScope scope;
  private int positions;
  private NDArray cos;
  private NDArray sin;

  RotaryCache(BackboneConfig config, TensorScope scope) {
    this.config = config;
    this.scope = scope;
    this.positions = Math.min(FIRST_POSITIONS, config.contextLength());
    RotaryTable table = table();
    this.cos = onDevice(table.cos());
    this.sin = onDevice(table.sin());
  }

  private RotaryTable table() {
    return RotaryTable.of(config.rotary(), config.headWidth(), positions);
  }

  private NDArray onDevice(float[] values) {
    return scope.floats(values, positions, config.headWidth());
  }

  /** Makes the table long enough for these positions. */
  void reach(int[] wanted) {
    int last = 0;
    for (int position : wanted) {
      last = Math.max(last, position);
    }
    if (last >= positions) {
      grow(last + 1);
    }
  }

  private void grow(int needed) {
    positions = Math.max(needed, Math.min(2 * positions, config.contextLength()));
    RotaryTable table = table();
    cos.close();
    sin.close();
    cos = onDevice(table.cos());
    sin = onDevice(table.sin());
  }

  /** {@code [positions, headWidth]}; replaced when it grows. */
  NDArray cos() {
    return cos;
  }

  /** {@code [positions, headWidth]}, negative in the first half; replaced when it grows. */
  NDArray sin() {
    return sin;
  }
}
