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
final class MatrixRate {

  private static final int ROWS = 2048;
  private static final int INNER = 1024;
  private static final int COLUMNS = 1024;
  private static final int WARM_UP = 5;
  private static final int REPEATS = 25;

  private MatrixRate() {}

  /** GFLOP/s of each repeat, two operations a multiplication with addition. */
  static Samples measure(Precision precision) {
    try (TensorScope scope = TensorScope.open();
        Kernels kernels = Kernels.load(MatrixRate.class)) {
      NDArray x = operand(kernels, scope, precision, ROWS);
      NDArray weight = operand(kernels, scope, precision, COLUMNS);
      return Samples.milliseconds(WARM_UP, REPEATS, () -> product(kernels, scope, x, weight))
          .map(milliseconds -> 2e-6 * ROWS * INNER * COLUMNS / milliseconds);
    }
  }

  private static NDArray operand(
      Kernels kernels, TensorScope scope, Precision precision, int rows) {
    NDArray values = scope.manager().randomNormal(0, 1, new Shape(rows, INNER), DataType.FLOAT32);
    return kernels.call(scope, "cast", values, precision.scalarType()).get(0);
  }

  private static void product(Kernels kernels, TensorScope scope, NDArray x, NDArray weight) {
    try (TensorScope once = scope.child()) {
      kernels.call(once, "product", x, weight);
    }
  }
}
