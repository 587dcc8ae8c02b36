package dev.unmask.lm.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Named tensors of a checkpoint, in one file or several, whatever their format. */
public interface TensorSource extends AutoCloseable {
  /** The file that stands for all of them, for messages. */
  Path file();

  /** All tensors by name. */
  Map<String, TensorInfo> tensors();

  /**
   * What the checkpoint says about a tensor.
   *
   * @throws SafetensorsException if there is no such tensor
   */
  TensorInfo info(String name);

  /** A copy of a floating point tensor as float32, row-major. */
  float[] floats(String name);

  /**
   * The bytes of a tensor where they lie in memory, of the number type that {@link #info} tells,
   * row-major, little-endian, read-only, not copied, valid until {@link #close}; none where the
   * format stores it otherwise.
   *
   * @throws SafetensorsException if there is no such tensor
   */
  default Optional<ByteBuffer> inMemory(String name) {
    return Optional.empty();
  }

  @Override
  void close();
}
