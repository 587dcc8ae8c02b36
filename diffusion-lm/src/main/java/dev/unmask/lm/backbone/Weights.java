package dev.unmask.lm.backbone;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.unmask.lm.backbone.Parameter.Piece;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
   * @throws IllegalArgumentException naming every missing tensor and every wrong shape at once
   */
  public static Weights read(BackboneConfig config, Safetensors file) {
    return read(config, file, "");
  }

  /** The same from tensors whose names are behind {@code prefix}. */
  public static Weights read(BackboneConfig config, Safetensors file, String prefix) {
    List<String> faults = new ArrayList<>();
    for (Parameter parameter : WeightLayout.of(config).slots()) {
      for (Piece piece : parameter.pieces()) {
        check(file, prefix + piece.name(), piece, faults);
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(file.file() + ": " + String.join("; ", faults));
    }
    return create(config, parameter -> stacked(parameter, file, prefix));
  }

  private static void check(Safetensors file, String name, Piece piece, List<String> faults) {
    if (!file.tensors().containsKey(name)) {
      faults.add("tensor " + name + " is missing");
    } else if (!file.info(name).shape().equals(piece.shape())) {
      faults.add(
          "tensor %s should have shape %s, has %s"
              .formatted(name, piece.shape(), file.info(name).shape()));
    }
  }

  private static float[] stacked(Parameter parameter, Safetensors file, String prefix) {
    float[] values = new float[(int) parameter.elements()];
    int at = 0;
    for (Piece piece : parameter.pieces()) {
      float[] stored = file.floats(prefix + piece.name());
      System.arraycopy(stored, 0, values, at, stored.length);
      at += stored.length;
    }
    return values;
  }

  /** Weights whose values come from a function of their parameter, row-major. */
  public static Weights create(BackboneConfig config, Function<Parameter, float[]> values) {
    List<Parameter> slots = WeightLayout.of(config).slots();
    TensorScope scope = TensorScope.open();
    try {
      List<NDArray> tensors = new ArrayList<>();
      for (Parameter parameter : slots) {
        NDArray tensor = scope.floats(values.apply(parameter), parameter.dimensions());
        tensors.add(parameter.isPresent() ? scope.aligned(tensor) : tensor);
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
        writePieces(file, prefix, slots.get(i), tensors.get(i).toFloatArray());
      }
    }
  }

  private static void writePieces(
      SafetensorsWriter file, String prefix, Parameter parameter, float[] values) {
    int at = 0;
    for (Piece piece : parameter.pieces()) {
      int end = at + (int) piece.elements();
      file.put(prefix + piece.name(), piece.dimensions(), Arrays.copyOfRange(values, at, end));
      at = end;
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
