package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.TensorScope;
import java.util.List;

/**
 * The weights of a {@link Transformer} with int8 matrices, one scale an output channel; the
 * embedding and the norms stay float32.
 */
final class QuantisedWeights {
  private QuantisedWeights() {}

  /**
   * @param weights float32, in the order of {@link PlainLayout}; stay owned by the caller
   * @param scope holds the quantised ones
   */
  static List<NDArray> of(List<NDArray> weights, Kernels kernels, TensorScope scope) {
    List<NDArray> quantised = KernelMatrices.untied(weights);
    for (KernelMatrices.Slot slot : KernelMatrices.of(weights)) {
      NDList both =
          kernels.call(
              scope, "quantise_matrix", quantised.get(slot.matrix()), quantised.get(slot.bias()));
      quantised.set(slot.matrix(), both.get(0));
      quantised.set(slot.bias(), both.get(1));
    }
    return quantised;
  }
}
