package dev.unmask.lm.attention;

/** Additive attention masks: 0 where a query may look, minus infinity elsewhere. */
public final class AttentionMask {
  private AttentionMask() {}

  /**
   * @param past keys in front that every query sees
   * @param positions absolute positions of the queries, which are also the remaining keys
   * @return row-major {@code [queries, past + queries]}, or an empty array when nothing is hidden
   */
  public static float[] among(AttentionLayout layout, int[] positions, int past) {
    int width = past + positions.length;
    float[] mask = new float[positions.length * width];
    boolean hides = false;
    for (int i = 0; i < positions.length; i++) {
      for (int j = 0; j < positions.length; j++) {
        boolean seen =
            layout.byIndex() ? layout.allows(i, j) : layout.allows(positions[i], positions[j]);
        if (!seen) {
          mask[i * width + past + j] = Float.NEGATIVE_INFINITY;
          hides = true;
        }
      }
    }
    return hides ? mask : new float[0];
  }

  /** Row-major {@code [queries, keys]} of two lists of indices into one layout. */
  public static float[] between(AttentionLayout layout, int[] queries, int[] keys) {
    float[] mask = new float[queries.length * keys.length];
    for (int i = 0; i < queries.length; i++) {
      for (int j = 0; j < keys.length; j++) {
        mask[i * keys.length + j] =
            layout.allows(queries[i], keys[j]) ? 0 : Float.NEGATIVE_INFINITY;
      }
    }
    return mask;
  }
}
