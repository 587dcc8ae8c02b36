package dev.unmask.lm.checkpoint;

import java.util.List;

/**
 * What a safetensors header says about one tensor.
 *
 * @param name its name in the file
 * @param type number type of its elements
 * @param shape length of each axis; empty for a scalar
 * @param offset first byte, counted from the start of the data section
 * @param byteLength bytes it takes, always elements times element size
 */
public record TensorInfo(
    String name, ElementType type, List<Long> shape, long offset, long byteLength) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public long elements() {
    return byteLength / type.bytes();
  }

  /** The shape as an array. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
