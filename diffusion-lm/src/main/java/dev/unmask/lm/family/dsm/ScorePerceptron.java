package dev.unmask.lm.family.dsm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * The smallest noise-conditioned score network, for points of a few coordinates; the page to read
 * before {@link ScoreTransformer}. Computes in float64. Engine thread only.
 */
public final class ScorePerceptron implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("l1.weight", "l1.bias", "l2.weight", "l2.bias", "l3.weight", "l3.bias");

  private final TensorScope scope = TensorScope.open();
  private final Kernels kernels = Kernels.load(ScorePerceptron.class);
  private final List<NDArray> weights = new ArrayList<>();
  private final int dimensions;

  private ScorePerceptron(Safetensors file) {
    for (String name : NAMES) {
      long[] shape = file.info(name).shape().stream().mapToLong(Long::longValue).toArray();
      NDArray tensor = scope.manager().create(file.doubles(name), new Shape(shape));
      TensorScope.requireGradient(tensor);
      weights.add(tensor);
    }
    dimensions = file.info("l3.bias").shape().getFirst().intValue();
  }

  /** A network from tensors l1 to l3, weight and bias each. */
  public static ScorePerceptron read(Safetensors file) {
    return new ScorePerceptron(file);
  }

  /**
   * @param value weighted mean over points
   * @param errors of each point, not weighted
   */
  public record Loss(double value, double[] errors) {}

  /**
   * Scores of points.
   *
   * @param x {@code [B][D]}
   * @param sigma noise of each point
   */
  public double[][] score(double[][] x, double[] sigma) {
    try (TensorScope once = scope.child()) {
      NDArray score =
          kernels.call(once, "score", matrix(once, x), column(once, sigma), weights).get(0);
      return rows(score.toDoubleArray());
    }
  }

  /**
   * The score matching loss, its gradients added to those of the weights.
   *
   * @param x noisy points {@code [B][D]}
   * @param noise standard normal numbers that made them
   * @param sigma noise of each point
   * @param pointWeights of each point's squared error
   */
  public Loss differentiate(double[][] x, double[][] noise, double[] sigma, double[] pointWeights) {
    try (TensorScope once = scope.child()) {
      NDList results =
          kernels.differentiate(
              once,
              "loss",
              matrix(once, x),
              matrix(once, noise),
              column(once, sigma),
              once.manager().create(pointWeights),
              weights);
      return new Loss(results.get(0).getDouble(), results.get(1).toDoubleArray());
    }
  }

  /** Accumulated gradients by tensor name, row-major. */
  public Map<String, double[]> gradients() {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    for (int i = 0; i < NAMES.size(); i++) {
      try (NDArray gradient = weights.get(i).getGradient()) {
        gradients.put(NAMES.get(i), gradient.toDoubleArray());
      }
    }
    return gradients;
  }

  private static NDArray matrix(TensorScope once, double[][] rows) {
    double[] flat = Arrays.stream(rows).flatMapToDouble(DoubleStream::of).toArray();
    return once.manager().create(flat, new Shape(rows.length, rows[0].length));
  }

  private static NDArray column(TensorScope once, double[] values) {
    return once.manager().create(values, new Shape(values.length, 1));
  }

  private double[][] rows(double[] flat) {
    double[][] rows = new double[flat.length / dimensions][];
    Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * dimensions, (i + 1) * dimensions));
    return rows;
  }

  @Override
  public void close() {
    scope.close();
    kernels.close();
  }
}
