package dev.unmask.lm.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Recorded passes of published code, one sequence at a time, and their comparison. */
final class DecoderLogits {
  private final FixtureCase fixture;
  private final Safetensors expected;

  DecoderLogits(FixtureCase fixture, Safetensors expected) {
    this.fixture = fixture;
    this.expected = expected;
  }

  static Transformer network(FixtureCase fixture, BackboneConfig config) {
    try (TensorSource file = ModelDirectory.at(fixture.directory()).openTensors()) {
      return Transformer.forDecoding(config, Weights.read(config, file), Precision.F32);
    }
  }

  int parameter(String name) {
    return fixture.params().get(name).getAsInt();
  }

  int rows(String tensor) {
    return expected.info(tensor).shape().getFirst().intValue();
  }

  /** Row {@code row} of a tensor {@code [B, N]} of whole numbers. */
  int[] ints(String tensor, int row) {
    int columns = expected.info(tensor).shape().get(1).intValue();
    long[] all = expected.longs(tensor);
    return IntStream.range(0, columns).map(i -> Math.toIntExact(all[row * columns + i])).toArray();
  }

  static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  /** Compares every row of logits with row {@code row} of a tensor {@code [B, N, V]}. */
  void compare(String tensor, int row, float[][] actual) {
    long[] shape = expected.info(tensor).dimensions();
    float[] all = expected.floats(tensor);
    int columns = (int) shape[shape.length - 1];
    int at = row * actual.length * columns;
    for (int i = 0; i < actual.length; i++) {
      assertThat(Arrays.copyOf(actual[i], columns))
          .as("%s: sequence %d, row %d", tensor, row, i)
          .containsExactly(
              Arrays.copyOfRange(all, at + i * columns, at + (i + 1) * columns),
              within((float) fixture.tolerance("logits_abs")));
    }
  }

  /** Compares keys or values of one layer with row {@code row} of {@code [B, G, P, E]}. */
  void compareCache(String tensor, int row, KeyValues cache, int layer, int part) {
    float[] all = expected.floats(tensor);
    long[] shape = expected.info(tensor).dimensions();
    int size = (int) (shape[1] * shape[2] * shape[3]);
    try (var scope = dev.unmask.lm.torch.TensorScope.open();
        var memory = cache.view(scope).get(new ai.djl.ndarray.index.NDIndex(layer + "," + part))) {
      assertThat(memory.toFloatArray())
          .as(tensor)
          .containsExactly(
              Arrays.copyOfRange(all, row * size, (row + 1) * size),
              within((float) fixture.tolerance("cache_abs")));
    }
  }

  /** Logits of all tokens of one pass. */
  static float[][] logits(
      Transformer network,
      int[] ids,
      int[] positions,
      @Nullable KeyValues past,
      AttentionLayout layout) {
    try (ForwardPass pass = network.forward(ids, positions, past, layout, range(0, ids.length))) {
      return pass.logitsToHost();
    }
  }

  static KeyValues keyValues(
      Transformer network, int[] ids, int from, int to, AttentionLayout layout) {
    try (ForwardPass pass =
        network.forward(
            Arrays.copyOfRange(ids, from, to), range(from, to), null, layout, new int[] {0})) {
      return pass.takeKeyValues();
    }
  }
}
