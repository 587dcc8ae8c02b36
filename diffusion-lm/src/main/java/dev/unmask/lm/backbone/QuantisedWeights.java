package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of a {@link Transformer} with int8 matrices, one scale an output channel; the
 * embedding and the norms stay float32.
 */
final class QuantisedWeights {
  private static final int EMBEDDING = 1;
  private static final int LAYER = 14;
  private static final int HEAD = 4;

  /** In a layer: where a matrix is, and where its bias. */
  private static final int[][] MATRICES = {{2, 12}, {3, 13}, {8, 9}, {10, 11}};

  private QuantisedWeights() {}

  /**
   * @param weights float32, in the order of {@link PlainLayout}; stay owned by the caller
   * @param scope holds the quantised ones
   */
  static List<NDArray> of(List<NDArray> weights, Kernels kernels, TensorScope scope) {
    List<NDArray> quantised = new ArrayList<>(weights);
    int head = weights.size() - HEAD + 2;
    for (int layer = EMBEDDING; layer < weights.size() - HEAD; layer += LAYER) {
      for (int[] matrix : MATRICES) {
        replace(quantised, layer + matrix[0], layer + matrix[1], kernels, scope);
      }
    }
    if (weights.get(head).size() == 0) { // tied: the embedding is looked up as it is
      quantised.set(head, weights.getFirst());
    }
    replace(quantised, head, head + 1, kernels, scope);
    return quantised;
  }

  private static void replace(
      List<NDArray> weights, int matrix, int bias, Kernels kernels, TensorScope scope) {
    NDList both = kernels.call(scope, "quantise_matrix", weights.get(matrix), weights.get(bias));
    weights.set(matrix, both.get(0));
    weights.set(bias, both.get(1));
  }
}
