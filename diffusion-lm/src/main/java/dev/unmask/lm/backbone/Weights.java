package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.unmask.lm.backbone.Parameter.Piece;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The weights of one backbone on the device. Engine thread only. */
public final class Weights implements AutoCloseable {
  private static final double INITIAL_DEVIATION = 0.02;

  private final TensorScope scope;
  private final List<Parameter> slots;
  private final List<NDArray> tensors;

  private Weights(TensorScope scope, List<Parameter> slots, List<NDArray> tensors) {
    this.scope = scope;
    this.slots = slots;
    this.tensors = tensors;
  }

  /**
   * Fresh weights: matrices normal with deviation 0.02, those that add to the residual stream
   * smaller by the square root of twice the layers, gains one, biases zero.
   */
  public static Weights random(BackboneConfig config, long seed) {
    KeyedRandom random = KeyedRandom.of(seed).split("weights");
    double residual = INITIAL_DEVIATION / Math.sqrt(2.0 * config.layers());
    return create(
        config,
        parameter -> {
          float[] values = new float[(int) parameter.elements()];
          switch (parameter.role()) {
            case EMBEDDING, MATRIX ->
                gaussian(values, random.split(parameter.name()), INITIAL_DEVIATION);
            case RESIDUAL_MATRIX -> gaussian(values, random.split(parameter.name()), residual);
            case GAIN, NORM_BIAS -> Arrays.fill(values, 1);
            case ZERO_MATRIX, BIAS, ABSENT -> {}
          }
          return values;
        });
  }

  private static void gaussian(float[] values, KeyedRandom random, double deviation) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.gaussian(i));
    }
  }

  /**
   * Weights from a file, converted to float32.
   *
   * <p>A tensor that the configuration has no use for is an error too: the configuration is wrong
   * about the network. Buffers that follow from the configuration (rotary frequencies) and the head
   * of a model whose head is its embedding are passed over.
   *
   * @throws IllegalArgumentException naming at once every tensor that is missing, of a wrong shape
   *     or number type, or not needed
   */
  public static Weights read(BackboneConfig config, TensorSource file) {
    return read(config, file, "");
  }

  /** The same from tensors whose names are behind {@code prefix}. */
  public static Weights read(BackboneConfig config, TensorSource file, String prefix) {
    List<Parameter> slots = WeightLayout.of(config).slots();
    StoredWeights stored = new StoredWeights(file, prefix);
    stored.check(slots, config.names().head() + ".weight");
    return assemble(slots, stored::tensor);
  }

  /** Weights whose values come from a function of their parameter, row-major. */
  public static Weights create(BackboneConfig config, Function<Parameter, float[]> values) {
    return create(WeightLayout.of(config).slots(), values);
  }

  /** The same for a network of another shape, whose kernels take these parameters in order. */
  public static Weights create(List<Parameter> slots, Function<Parameter, float[]> values) {
    return assemble(
        slots,
        (scope, parameter) -> {
          NDArray tensor = scope.floats(values.apply(parameter), parameter.dimensions());
          return parameter.isPresent() ? scope.aligned(tensor) : tensor;
        });
  }

  private static Weights assemble(
      List<Parameter> slots, BiFunction<TensorScope, Parameter, NDArray> tensor) {
    TensorScope scope = TensorScope.open();
    try {
      List<NDArray> tensors = new ArrayList<>();
      for (Parameter parameter : slots) {
        tensors.add(tensor.apply(scope, parameter));
      }
      return new Weights(scope, slots, tensors);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  /** The same shapes, filled with zeros. */
  public Weights zeros() {
    TensorScope other = TensorScope.open();
    List<NDArray> copies = new ArrayList<>();
    for (NDArray tensor : tensors) {
      copies.add(other.manager().zeros(tensor.getShape(), DataType.FLOAT32));
    }
    return new Weights(other, slots, copies);
  }

  /** A copy in memory of its own. */
  public Weights copy() {
    TensorScope other = TensorScope.open();
    List<NDArray> copies = new ArrayList<>();
    for (NDArray tensor : tensors) {
      copies.add(tensor.size() == 0 ? other.floats(new float[0]) : other.keep(tensor.duplicate()));
    }
    return new Weights(other, slots, copies);
  }

  /** In the order of the kernels, empty tensors for what the family lacks. */
  List<NDArray> inKernelOrder() {
    return tensors;
  }

  /** The parameters that are there, in a fixed order. */
  public List<Parameter> parameters() {
    return slots.stream().filter(Parameter::isPresent).toList();
  }

  /** Their tensors, in the order of {@link #parameters()}. */
  public List<NDArray> present() {
    List<NDArray> present = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).isPresent()) {
        present.add(tensors.get(i));
      }
    }
    return present;
  }

  /** Makes every weight a leaf of the gradient computation. */
  public void requireGradients() {
    present().forEach(TensorScope::requireGradient);
  }

  /** Adds every stored tensor to a file, each name behind {@code prefix}. */
  public void write(SafetensorsWriter file, String prefix) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).isPresent()) {
        stored(slots.get(i), tensors.get(i).toFloatArray())
            .forEach(
                (piece, values) -> file.put(prefix + piece.name(), piece.dimensions(), values));
      }
    }
  }

  /** The values of a parameter as the tensors it is stored as. */
  private static Map<Piece, float[]> stored(Parameter parameter, float[] values) {
    float[] inFile = parameter.order().toFile(values, parameter.rows());
    Map<Piece, float[]> pieces = new LinkedHashMap<>();
    int at = 0;
    for (Piece piece : parameter.pieces()) {
      int end = at + (int) piece.elements();
      pieces.put(piece, Arrays.copyOfRange(inFile, at, end));
      at = end;
    }
    return pieces;
  }

  /**
   * Any number for each weight (the weights, their gradients) under the names and in the row order
   * of the checkpoint.
   */
  public Map<String, float[]> underStoredNames(Function<NDArray, float[]> values) {
    Map<String, float[]> named = new LinkedHashMap<>();
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).isPresent()) {
        stored(slots.get(i), values.apply(tensors.get(i)))
            .forEach((piece, numbers) -> named.put(piece.name(), numbers));
      }
    }
    return named;
  }

  @Override
  public void close() {
    scope.close();
  }
}
