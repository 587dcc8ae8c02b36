package dev.unmask.lm.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.Safetensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compares the gradients that a backward pass left at a network's weights with recorded ones. */
public final class FixtureGradients {
  private FixtureGradients() {}

  /**
   * Checks every recorded gradient {@code <prefix>grad.<parameter>} and, where it is recorded, the
   * norm {@code <prefix>grad_norm}.
   *
   * @param factor what our loss must be multiplied by to be the recorded one
   */
  public static void compare(
      FixtureCase fixture, Weights weights, Safetensors expected, String prefix, double factor) {
    Map<String, double[]> gradients = gradients(weights, factor);
    double relative = fixture.tolerance("grad_rel");
    if (expected.tensors().containsKey(prefix + "grad_norm")) {
      float norm = expected.floats(prefix + "grad_norm")[0];
      assertThat(norm(gradients)).isCloseTo(norm, within(relative * Math.max(1, norm)));
    }
    String names = prefix + "grad.";
    for (String tensor : expected.tensors().keySet()) {
      if (tensor.startsWith(names)) {
        double[] actual = gradients.get(tensor.substring(names.length()));
        float[] recorded = expected.floats(tensor);
        assertThat(actual).as(tensor).hasSize(recorded.length);
        for (int i = 0; i < recorded.length; i++) {
          double tolerance = fixture.tolerance("grad_abs") + relative * Math.abs(recorded[i]);
          assertThat(actual[i]).as("%s[%d]", tensor, i).isCloseTo(recorded[i], within(tolerance));
        }
      }
    }
  }

  private static double norm(Map<String, double[]> gradients) {
    double squares = 0;
    for (double[] gradient : gradients.values()) {
      for (double value : gradient) {
        squares += value * value;
      }
    }
    return Math.sqrt(squares);
  }

  private static Map<String, double[]> gradients(Weights weights, double factor) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    weights
        .underStoredNames(FixtureGradients::gradient)
        .forEach((name, values) -> gradients.put(name, scaled(values, factor)));
    return gradients;
  }

  private static double[] scaled(float[] values, double factor) {
    double[] scaled = new double[values.length];
    Arrays.setAll(scaled, at -> factor * values[at]);
    return scaled;
  }

  private static float[] gradient(NDArray weight) {
    try (NDArray gradient = weight.getGradient()) {
      return gradient.toFloatArray();
    }
  }
}
