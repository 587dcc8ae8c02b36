package dev.unmask.lm.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;

/**
 * Owns native tensors: everything created in a scope is freed when the scope closes. Engine thread
 * only.
 */
public final class TensorScope implements AutoCloseable {
  private final NDManager manager;

  private TensorScope(NDManager manager) {
    this.manager = manager;
  }

  /** A scope of its own on the process's compute device: the first GPU if there is one. */
  public static TensorScope open() {
    Engine engine = TorchRuntime.engine();
    JniUtils.setGradMode(false); // a thread of its own starts with gradients recorded
    return new TensorScope(engine.newBaseManager(TorchRuntime.device()));
  }

  /** A scope inside this one; closing this one closes it too. */
  public TensorScope child() {
    return new TensorScope(manager.newSubManager());
  }

  public NDManager manager() {
    return manager;
  }

  /** int64 tensor of {@code shape}; without a shape, a vector. */
  public NDArray longs(int[] values, long... shape) {
    long[] wide = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return manager.create(wide, shape.length == 0 ? new Shape(values.length) : new Shape(shape));
  }

  /** float32 tensor of {@code shape}; without a shape, a vector. */
  public NDArray floats(float[] values, long... shape) {
    return manager.create(values, shape.length == 0 ? new Shape(values.length) : new Shape(shape));
  }

  /**
   * A tensor over bytes that are there, little-endian and row-major; on the CPU they are not
   * copied, so it must not outlive them.
   */
  public NDArray view(ByteBuffer bytes, DataType type, long... shape) {
    return manager.create(bytes, new Shape(shape), type);
  }

  /**
   * The same values in memory that PyTorch allocated. Tensors made from Java buffers keep the
   * buffer's alignment, and matrix products may round differently for another alignment; long-lived
   * weights go through here so that a resumed run repeats an uninterrupted one bit for bit.
   */
  public NDArray aligned(NDArray tensor) {
    NDArray copy = tensor.duplicate();
    copy.attach(manager);
    tensor.close();
    return copy;
  }

  /** Moves a tensor into this scope, so that it lives as long as the scope does. */
  public NDArray keep(NDArray tensor) {
    tensor.attach(manager);
    return tensor;
  }

  /** Makes backward passes add to the tensor's gradient. */
  public static void requireGradient(NDArray tensor) {
    tensor.setRequiresGradient(true);
  }

  /** Number of native threads a tensor operation is spread over. */
  public static int threads() {
    TorchRuntime.engine();
    return JniUtils.getNumThreads();
  }

  @Override
  public void close() {
    manager.close();
  }
}
