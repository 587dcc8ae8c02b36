package dev.unmask.lm.checkpoint;

import java.nio.file.Path;
import java.util.Map;

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

  @Override
  void close();
}
