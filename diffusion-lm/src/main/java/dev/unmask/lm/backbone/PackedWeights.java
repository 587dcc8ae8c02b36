package dev.unmask.lm.backbone;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.TensorScope;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The matrices of a {@link Transformer} laid out as oneDNN's products read them. A product of few
 * rows spends much of its time on laying out its matrix: of bfloat16 it takes two thirds to nine
 * tenths of the time with a packed one. Float32 stays as it is, so that it is the same everywhere.
 */
final class PackedWeights {
  private static final Logger log = LoggerFactory.getLogger(PackedWeights.class);

  /** Rows that the layout is best for; products of any number of rows are right. */
  private static final int ROWS = 32;

  /** By precision, whether this machine's PyTorch packs: asked once a process. */
  private static final Map<Precision, Boolean> PACKS = new EnumMap<>(Precision.class);

  private PackedWeights() {}

  /**
   * @param weights float32; stay owned by the caller
   * @param scope holds what is made anew
   * @return cast or quantised, in the order of the kernels, packed where this machine can
   */
  static List<NDArray> of(
      BackboneConfig config,
      Weights weights,
      Precision precision,
      Kernels kernels,
      TensorScope scope) {
    if (!packs(precision, kernels, scope)) {
      return CastWeights.of(config, weights, precision, kernels, scope);
    }
    try (TensorScope unpacked = scope.child()) {
      List<NDArray> cast = CastWeights.of(config, weights, precision, kernels, unpacked);
      List<NDArray> packed = KernelMatrices.untied(cast);
      Set<NDArray> exact = Collections.newSetFromMap(new IdentityHashMap<>());
      exact.addAll(weights.inKernelOrder());
      for (KernelMatrices.Slot slot : KernelMatrices.of(cast)) {
        packed.set(slot.matrix(), pack(packed.get(slot.matrix()), precision, kernels, scope));
      }
      packed.stream().filter(tensor -> !exact.contains(tensor)).forEach(scope::keep);
      return packed;
    }
  }

  private static NDArray pack(
      NDArray matrix, Precision precision, Kernels kernels, TensorScope scope) {
    return precision.isWhole()
        ? kernels.call(scope, "pack_int8", matrix).get(0)
        : kernels.call(scope, "pack", matrix, ROWS).get(0);
  }

  private static synchronized boolean packs(
      Precision precision, Kernels kernels, TensorScope scope) {
    return switch (precision) {
      case F32, F64 -> false;
      case BF16, INT8, INT8_BF16 ->
          PACKS.computeIfAbsent(precision, asked -> tried(asked, kernels, scope));
    };
  }

  /** Other processors and devices have no such products, or not of this number type. */
  private static boolean tried(Precision precision, Kernels kernels, TensorScope scope) {
    try (TensorScope once = scope.child()) {
      if (!once.manager().getDevice().equals(Device.cpu())) {
        return false;
      }
      NDArray x = once.manager().ones(new Shape(ROWS, ROWS), DataType.FLOAT32);
      NDArray none = once.floats(new float[0]);
      List<NDArray> matrix =
          precision.isWhole()
              ? kernels.call(once, "quantise_matrix", x, none)
              : List.of(kernels.call(once, "cast", x, precision.scalarType()).get(0), none);
      NDArray packed = pack(matrix.get(0), precision, kernels, once);
      kernels.call(once, "project", x, packed, matrix.get(1), precision.scalarType());
      return true;
    } catch (EngineException e) {
      log.info("matrices of {} are not packed: this PyTorch cannot", precision);
      log.debug("packing was tried", e);
      return false;
    }
  }
}
