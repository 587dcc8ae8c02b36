package dev.unmask.lm.backbone;

/** In which order a file stores the rows of a weight. */
public interface RowOrder {
  /** Rows as the kernels take them. */
  RowOrder AS_STORED = row -> row;

  /** Where the kernels' row {@code row} stands in the file. */
  int stored(int row);

  /**
   * Query heads of a group, its key head, its value head, group after group; the kernels take all
   * queries, then all keys, then all values.
   */
  static RowOrder grouped(AttentionShape shape) {
    int perGroup = shape.heads() / shape.keyValueHeads();
    return row -> {
      int head = row / shape.headWidth();
      int group;
      int within;
      if (head < shape.heads()) {
        group = head / perGroup;
        within = head % perGroup;
      } else {
        int other = head - shape.heads();
        group = other % shape.keyValueHeads();
        within = perGroup + other / shape.keyValueHeads();
      }
      return (group * (perGroup + 2) + within) * shape.headWidth() + row % shape.headWidth();
    };
  }

  /** Rows of a stored tensor in the order of the kernels. */
  default float[] fromFile(float[] values, int rows) {
    return this == AS_STORED ? values : moved(values, rows, true);
  }

  /** The reverse. */
  default float[] toFile(float[] values, int rows) {
    return this == AS_STORED ? values : moved(values, rows, false);
  }

  private float[] moved(float[] values, int rows, boolean reading) {
    float[] moved = new float[values.length];
    int width = values.length / rows;
    for (int row = 0; row < rows; row++) {
      int from = reading ? stored(row) : row;
      int to = reading ? row : stored(row);
      System.arraycopy(values, from * width, moved, to * width, width);
    }
    return moved;
  }
}
