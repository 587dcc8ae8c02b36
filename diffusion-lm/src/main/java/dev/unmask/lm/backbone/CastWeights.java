package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Weights that stay as they are, in the number type of a precision. */
final class CastWeights {
  private CastWeights() {}

  /**
   * @param weights float32; stay owned by the caller
   * @param kernels with {@code cast} and, for int8, {@code quantise_matrix}
   * @param scope holds what is made anew
   * @return in the order of the kernels
   */
  static List<NDArray> of(
      BackboneConfig config,
      Weights weights,
      Precision precision,
      Kernels kernels,
      TensorScope scope) {
    List<NDArray> exact = weights.inKernelOrder();
    return switch (precision) {
      case F32 -> exact;
      case INT8, INT8_BF16 -> QuantisedWeights.of(exact, kernels, scope);
      case BF16 -> cast(config, exact, precision, kernels, scope, Parameter::decays);
      case F64 -> cast(config, exact, precision, kernels, scope, slot -> true);
    };
  }

  private static List<NDArray> cast(
      BackboneConfig config,
      List<NDArray> exact,
      Precision precision,
      Kernels kernels,
      TensorScope scope,
      Predicate<Parameter> needed) {
    List<Parameter> slots = WeightLayout.of(config).slots();
    List<NDArray> cast = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      NDArray tensor = exact.get(i);
      cast.add(
          needed.test(slots.get(i))
              ? kernels.call(scope, "cast", tensor, precision.scalarType()).get(0)
              : tensor);
    }
    return cast;
  }
}
