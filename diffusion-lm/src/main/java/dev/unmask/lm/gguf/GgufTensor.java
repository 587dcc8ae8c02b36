package dev.unmask.lm.gguf;

import java.util.List;

/**
 * What the file says about a tensor.
 *
 * @param shape length of each axis, rows first (the file counts the other way round)
 * @param offset first byte, counted from the start of the data
 * @param bytes bytes it takes
 */
record GgufTensor(String name, GgufType type, List<Long> shape, long offset, long bytes) {
  GgufTensor {
    shape = List.copyOf(shape);
  }

  int elements() {
    return Math.toIntExact(bytes / type.blockBytes() * type.blockElements());
  }
}
