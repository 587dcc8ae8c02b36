package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import dev.unmask.lm.backbone.Parameter.Piece;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.torch.TensorScope;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Weights as a checkpoint holds them. Tensors that lie in memory are converted from there, without
 * a copy in the heap; others, and those whose rows have to be moved, by way of an array.
 *
 * @param prefix what stands before every name
 */
record StoredWeights(TensorSource file, String prefix) {
  private static final String FREQUENCIES = "inv_freq";
  private static final ValueLayout.OfShort BFLOAT16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * @param tiedHead name of a head that is passed over, because the model's head is its embedding
   * @throws IllegalArgumentException naming at once every tensor that is missing, of a wrong shape
   *     or number type, or, without a prefix, not needed
   */
  void check(List<Parameter> slots, String tiedHead) {
    List<String> faults = new ArrayList<>();
    for (Parameter parameter : slots) {
      parameter.pieces().forEach(piece -> check(piece, faults));
    }
    if (prefix.isEmpty()) {
      checkExtra(slots, tiedHead, faults);
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(file.file() + ": " + String.join("; ", faults));
    }
  }

  private void check(Piece piece, List<String> faults) {
    String name = prefix + piece.name();
    if (!file.tensors().containsKey(name)) {
      faults.add("tensor " + name + " is missing");
    } else if (!file.info(name).shape().equals(piece.shape())) {
      faults.add(
          "tensor %s should have shape %s, has %s"
              .formatted(name, piece.shape(), file.info(name).shape()));
    } else if (!file.info(name).type().isFloatingPoint()) {
      faults.add(
          "tensor %s should hold floating point numbers, holds %s"
              .formatted(name, file.info(name).type()));
    }
  }

  private void checkExtra(List<Parameter> slots, String tiedHead, List<String> faults) {
    Set<String> known = new HashSet<>(Set.of(tiedHead));
    for (Parameter parameter : slots) {
      parameter.pieces().forEach(piece -> known.add(piece.name()));
    }
    for (String name : file.tensors().keySet()) {
      if (!known.contains(name) && !name.endsWith(FREQUENCIES)) {
        faults.add("tensor " + name + " has no place in this model");
      }
    }
  }

  /** A parameter as float32, owned by the scope; empty if it is absent. */
  NDArray tensor(TensorScope scope, Parameter parameter) {
    if (!parameter.isPresent()) {
      return scope.floats(new float[0], parameter.dimensions());
    }
    return parameter.order() == RowOrder.AS_STORED && isInMemory(parameter)
        ? converted(scope, parameter)
        : scope.aligned(scope.floats(stacked(parameter), parameter.dimensions()));
  }

  /** A view holds at most 2 GiB, as float32 too. */
  private boolean isInMemory(Parameter parameter) {
    return parameter.pieces().stream()
        .allMatch(
            piece ->
                piece.elements() <= Integer.MAX_VALUE / Float.BYTES
                    && file.inMemory(prefix + piece.name()).isPresent());
  }

  private NDArray converted(TensorScope scope, Parameter parameter) {
    try (Arena arena = Arena.ofConfined();
        TensorScope once = scope.child()) {
      NDList pieces = new NDList();
      for (Piece piece : parameter.pieces()) {
        pieces.add(view(once, piece, arena));
      }
      if (pieces.size() == 1) {
        NDArray only = pieces.getFirst();
        boolean asStored = only.getDataType() == DataType.FLOAT32;
        return scope.keep(asStored ? only.duplicate() : only.toType(DataType.FLOAT32, true));
      }
      NDList floats = new NDList();
      pieces.forEach(piece -> floats.add(piece.toType(DataType.FLOAT32, false)));
      return scope.keep(NDArrays.concat(floats));
    }
  }

  private NDArray view(TensorScope scope, Piece piece, Arena arena) {
    String name = prefix + piece.name();
    ByteBuffer bytes = file.inMemory(name).orElseThrow();
    long[] shape = piece.dimensions();
    return switch (file.info(name).type()) {
      case F64 -> scope.view(bytes, DataType.FLOAT64, shape);
      case F32 -> scope.view(bytes, DataType.FLOAT32, shape);
      case F16 -> scope.view(bytes, DataType.FLOAT16, shape);
      case BF16 -> scope.view(widened(bytes, arena), DataType.FLOAT32, shape);
      case F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
          throw new IllegalStateException(name + " was checked to hold floating point numbers");
    };
  }

  /** DJL ends the process when it is asked for a tensor of bfloat16 over memory. */
  private static ByteBuffer widened(ByteBuffer bytes, Arena arena) {
    MemorySegment narrow = MemorySegment.ofBuffer(bytes);
    long elements = narrow.byteSize() / Short.BYTES;
    MemorySegment wide = arena.allocate(elements * Float.BYTES, Float.BYTES);
    for (long i = 0; i < elements; i++) {
      wide.setAtIndex(ValueLayout.JAVA_INT, i, narrow.getAtIndex(BFLOAT16, i) << 16);
    }
    return wide.asByteBuffer();
  }

  private float[] stacked(Parameter parameter) {
    float[] values = new float[(int) parameter.elements()];
    int at = 0;
    for (Piece piece : parameter.pieces()) {
      float[] stored = file.floats(prefix + piece.name());
      System.arraycopy(stored, 0, values, at, stored.length);
      at += stored.length;
    }
    return parameter.order().fromFile(values, parameter.rows());
  }
}
