package dev.unmask.lm.backbone;

import java.util.Arrays;
import java.util.List;

/**
 * One weight of a backbone as the kernels take it, and the tensors it is stored as.
 *
 * @param name how the library calls it; the stored name unless it is stored in pieces
 * @param pieces stored tensors that make it up, stacked along the first axis; none if the family
 *     has no such weight
 * @param role decides its initial value and whether weight decay touches it
 * @param order of the rows in the file
 */
public record Parameter(String name, List<Piece> pieces, Role role, RowOrder order) {

  /** A tensor in {@code model.safetensors}. */
  public record Piece(String name, List<Long> shape) {
    static Piece of(String name, long... shape) {
      return new Piece(name, Arrays.stream(shape).boxed().toList());
    }

    long[] dimensions() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }

    long elements() {
      return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }
  }

  /** What a weight is for. */
  public enum Role {
    EMBEDDING,
    MATRIX,
    /** A matrix whose output is added to the residual stream. */
    RESIDUAL_MATRIX,
    /** A matrix that starts at zero, so that a layer starts without effect (adaLN). */
    ZERO_MATRIX,
    GAIN,
    /** Bias of a layer norm; RADD starts it at one. */
    NORM_BIAS,
    BIAS,
    /** Not there in this family: an empty tensor. */
    ABSENT
  }

  public Parameter {
    pieces = List.copyOf(pieces);
  }

  static final Parameter ABSENT =
      new Parameter("absent", List.of(), Role.ABSENT, RowOrder.AS_STORED);

  /** One stored tensor, taken as it is. */
  public static Parameter of(String name, Role role, long... shape) {
    return new Parameter(name, List.of(Piece.of(name, shape)), role, RowOrder.AS_STORED);
  }

  public boolean isPresent() {
    return role != Role.ABSENT;
  }

  /** Weight decay pulls on matrices, not on gains and biases. */
  public boolean decays() {
    return switch (role) {
      case EMBEDDING, MATRIX, RESIDUAL_MATRIX, ZERO_MATRIX -> true;
      case GAIN, NORM_BIAS, BIAS, ABSENT -> false;
    };
  }

  /** Length of the first axis. */
  int rows() {
    return (int) dimensions()[0];
  }

  long elements() {
    return pieces.stream().mapToLong(Piece::elements).sum();
  }

  /** Shape of the stacked tensor; {@code [0]} if absent. */
  public long[] dimensions() {
    if (pieces.isEmpty()) {
      return new long[] {0};
    }
    long[] shape = pieces.getFirst().dimensions();
    shape[0] = pieces.stream().mapToLong(piece -> piece.shape().getFirst()).sum();
    return shape;
  }
}
