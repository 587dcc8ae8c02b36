package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a {@link Transformer}'s matrices are among the weights of its kernels, each with its bias:
 * four a layer, then the head. The embedding is looked up, not multiplied, and is not among them.
 */
final class KernelMatrices {
  private static final int EMBEDDING = 1;
  private static final int LAYER = 14;
  private static final int HEAD = 4;

  /** In a layer: where a matrix is, and where its bias. */
  private static final int[][] MATRICES = {{2, 12}, {3, 13}, {8, 9}, {10, 11}};

  /**
   * @param matrix index among the weights
   * @param bias index of its bias
   */
  record Slot(int matrix, int bias) {}

  private KernelMatrices() {}

  static List<Slot> of(List<NDArray> weights) {
    List<Slot> slots = new ArrayList<>();
    for (int layer = EMBEDDING; layer < weights.size() - HEAD; layer += LAYER) {
      for (int[] matrix : MATRICES) {
        slots.add(new Slot(layer + matrix[0], layer + matrix[1]));
      }
    }
    int head = weights.size() - HEAD + 2;
    slots.add(new Slot(head, head + 1));
    return slots;
  }

  /** The weights with a head of their own: one that is tied to the embedding is put in its slot. */
  static List<NDArray> untied(List<NDArray> weights) {
    List<NDArray> untied = new ArrayList<>(weights);
    int head = weights.size() - HEAD + 2;
    if (weights.get(head).size() == 0) {
      untied.set(head, weights.getFirst());
    }
    return untied;
  }
}
