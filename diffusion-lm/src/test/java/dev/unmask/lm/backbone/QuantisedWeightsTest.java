package dev.unmask.lm.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.TensorScope;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantisedWeightsTest {
  private static final int ROWS = 5;
  private static final int OUT = 12;
  private static final int LENGTH = 24;

  @ParameterizedTest
  @CsvSource({"16,1", "64,0.01", "48,100"})
  void aRoundedWeightIsOffByHalfTheScaleOfItsChannelAtMost(int in, double deviation) {
    float[] values = gaussian(1, OUT * in, deviation);
    try (Product product = new Product(in, values, new float[0])) {
      for (int row = 0; row < OUT; row++) {
        float scale = product.scales[row];
        for (int column = 0; column < in; column++) {
          float back = product.whole[row * in + column] * scale;
          assertThat(back).isCloseTo(values[row * in + column], within(scale * 0.5001f));
        }
      }
    }
  }

  @Test
  void aChannelOfZerosStaysZero() {
    float[] values = gaussian(1, OUT * 16, 1);
    Arrays.fill(values, 0, 16, 0);
    try (Product product = new Product(16, values, new float[0])) {
      float[] y = product.times(gaussian(2, ROWS * 16, 1));

      for (int row = 0; row < ROWS; row++) {
        assertThat(y[row * OUT]).isZero();
      }
    }
  }

  /** Sums of products of whole numbers are exact, so that only the last scaling rounds. */
  @ParameterizedTest
  @CsvSource({"16", "64", "200"})
  void aProductIsThatOfTheRoundedNumbers(int in) {
    float[] bias = gaussian(3, OUT, 1);
    float[] x = gaussian(2, ROWS * in, 3);
    try (Product product = new Product(in, gaussian(1, OUT * in, 1), bias)) {
      float[] y = product.times(x);

      for (int row = 0; row < ROWS; row++) {
        float largest = 0;
        for (int i = 0; i < in; i++) {
          largest = Math.max(largest, Math.abs(x[row * in + i]));
        }
        float scale = largest / 127;
        for (int out = 0; out < OUT; out++) {
          long sum = 0;
          for (int i = 0; i < in; i++) {
            sum += (long) Math.rint(x[row * in + i] / scale) * product.whole[out * in + i];
          }
          double expected = (double) sum * scale * product.scales[out] + bias[out];
          assertThat((double) y[row * OUT + out]).isCloseTo(expected, within(1e-4));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"tied", "grouped", "radd"})
  void logitsAreNearThoseOfFloat32(String kind) {
    try (Transformer exact = network(kind, Precision.F32);
        Transformer rounded = network(kind, Precision.INT8)) {
      float[][] expected = logits(exact, ids());
      float[][] actual = logits(rounded, ids());

      double error = 0;
      double size = 0;
      for (int i = 0; i < LENGTH; i++) {
        for (int v = 0; v < expected[i].length; v++) {
          error += Math.pow(actual[i][v] - expected[i][v], 2);
          size += Math.pow(expected[i][v], 2);
        }
      }
      assertThat(Math.sqrt(error / size)).isBetween(1e-5, 0.05);
    }
  }

  @Test
  void aRowsResultDoesNotDependOnTheRowsBesideIt() {
    try (Transformer network = network("llama", Precision.INT8)) {
      int[] ids = ids();
      float[][] all = logits(network, ids);
      int[] one = {LENGTH / 2};
      try (ForwardPass pass = network.forward(ids, range(), null, new Full(), one)) {
        assertThat(pass.logitsToHost()[0]).containsExactly(all[LENGTH / 2]);
      }
      try (ForwardPass pass = network.forward(ids, range(), null, new BlockCausal(8), range())) {
        float[][] blocks = pass.logitsToHost();
        int[] first = IntStream.range(0, 8).map(i -> ids[i]).toArray();
        int[] positions = IntStream.range(0, 8).toArray();
        try (ForwardPass alone =
            network.forward(first, positions, null, new BlockCausal(8), positions)) {
          float[][] firstBlock = alone.logitsToHost();
          for (int i = 0; i < 8; i++) {
            assertThat(firstBlock[i]).containsExactly(blocks[i], within(2e-2f));
          }
        }
      }
    }
  }

  @Test
  void isForDecodingOnly() {
    BackboneConfig config = BackboneConfig.llama(24, 2, 16, 2, 32, LENGTH, 0);
    try (Weights weights = Weights.random(config, 1)) {
      assertThatThrownBy(() -> Transformer.forTraining(config, weights, Precision.INT8))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("int8")
          .hasMessageContaining("bf16");
    }
  }

  @Test
  void isRefusedByNetworksThatAreToldTheNoiseLevel() {
    BackboneConfig config =
        BackboneConfig.dit(24, 23, 1, 32, 2, LENGTH, new NoiseConditioning(8, true));
    try (Weights weights = Weights.random(config, 1)) {
      assertThatThrownBy(() -> BackboneLoader.of(config, weights, Precision.INT8))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("int8")
          .hasMessageContaining("f32");
    }
  }

  private static final class Product implements AutoCloseable {
    private final TensorScope scope = TensorScope.open();
    private final Kernels kernels = Kernels.load(Transformer.class);
    private final int in;
    private final NDList matrix;
    private final byte[] whole;
    private final float[] scales;

    Product(int in, float[] weight, float[] bias) {
      this.in = in;
      this.matrix =
          kernels.call(scope, "quantise_matrix", scope.floats(weight, OUT, in), scope.floats(bias));
      this.whole = matrix.get(0).toByteArray();
      this.scales = matrix.get(1).get(0).toFloatArray();
    }

    float[] times(float[] x) {
      return kernels
          .call(scope, "project_int8", scope.floats(x, ROWS, in), matrix.get(0), matrix.get(1))
          .get(0)
          .toFloatArray();
    }

    @Override
    public void close() {
      kernels.close();
      scope.close();
    }
  }

  private static Transformer network(String kind, Precision precision) {
    BackboneConfig config =
        switch (kind) {
          case "radd" -> BackboneConfig.radd(24, 2, 32, 2, LENGTH);
          case "grouped" -> TransformerTest.grouped();
          default -> BackboneConfig.llama(24, 2, 32, 2, 64, LENGTH, 0);
        };
    return Transformer.forDecoding(config, Weights.random(config, 5), precision);
  }

  private static float[][] logits(Transformer network, int[] ids) {
    try (ForwardPass pass = network.forward(ids, range(), null, new Full(), range())) {
      return pass.logitsToHost();
    }
  }

  private static int[] ids() {
    return IntStream.range(0, LENGTH).map(i -> (7 * i + 3) % 23).toArray();
  }

  private static int[] range() {
    return IntStream.range(0, LENGTH).toArray();
  }

  private static float[] gaussian(long seed, int count, double deviation) {
    KeyedRandom random = KeyedRandom.of(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.gaussian(i));
    }
    return values;
  }
}
