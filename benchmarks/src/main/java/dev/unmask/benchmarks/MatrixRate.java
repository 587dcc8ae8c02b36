package dev.unmask.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.TensorScope;

/**
 * What the machine reaches on one large matrix product, [2048, 1024] x [1024, 1024], operands cast
 * beforehand: the yardstick of the training benchmark. Engine thread only.
 */
final class MatrixRate implements AutoCloseable {

  private static final int ROWS = 2048;
  private static final int INNER = 1024;
  private static final int COLUMNS = 1024;

  private final TensorScope scope = TensorScope.open();
  private final Kernels kernels = Kernels.load(MatrixRate.class);
  private final NDArray x;
  private final NDArray weight;

  MatrixRate(Precision precision) {
    x = operand(precision, ROWS);
    weight = operand(precision, COLUMNS);
  }

  private NDArray operand(Precision precision, int rows) {
    NDArray values = scope.manager().randomNormal(0, 1, new Shape(rows, INNER), DataType.FLOAT32);
    return kernels.call(scope, "cast", values, precision.scalarType()).get(0);
  }

  /** GFLOP/s of one product, two operations a multiplication with addition. */
  double measure() {
    long start = System.nanoTime();
    try (TensorScope once = scope.child()) {
      kernels.call(once, "product", x, weight);
    }
    return 2.0 * ROWS * INNER * COLUMNS / (System.nanoTime() - start);
  }

  @Override
  public void close() {
    kernels.close();
    scope.close();
  }
}
