package dev.unmask.lm.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.jni.JniUtils;
import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Kernels;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Packed matrices beside plain ones, of networks, caches, masks and rows drawn at random. */
class PackedWeightsTest {
  private static final int DRAWS = 12;
  private static final int CONTEXT = 96;

  @ParameterizedTest
  @EnumSource(names = "F64", mode = Mode.EXCLUDE)
  void answersAsPlainMatricesDo(Precision precision) {
    // Sums come in another order: a bfloat16 may round to its neighbour, 0.4 % away, and so may a
    // whole number among those that a product takes.
    double tolerance = precision == Precision.F32 ? 1e-5 : 0.02;
    for (int draw = 0; draw < DRAWS; draw++) {
      KeyedRandom random = KeyedRandom.of(40).split(draw);
      BackboneConfig config = network(random);
      Weights weights = Weights.random(config, draw);
      Question question = Question.draw(config, random);
      try (Transformer plain = Transformer.unpacked(config, weights.copy(), precision);
          Transformer packed = Transformer.forDecoding(config, weights, precision)) {
        assertThat(distance(question.ask(packed), question.ask(plain)))
            .as("draw %d of %s: %s", draw, config, question)
            .isLessThan(tolerance);
      }
    }
  }

  /** What gives up threads beside other work rests on it. */
  @ParameterizedTest
  @EnumSource(names = {"BF16", "INT8_BF16"})
  void answersTheSameBitForBitOnAnyNumberOfThreads(Precision precision) {
    assertThat(precision.isIndependentOfThreads()).isTrue();
    int all = TensorScope.threads();
    for (int draw = 0; draw < DRAWS; draw++) {
      KeyedRandom random = KeyedRandom.of(41).split(draw);
      BackboneConfig config = network(random);
      Question question = Question.draw(config, random);
      try (Transformer network =
          Transformer.forDecoding(config, Weights.random(config, draw), precision)) {
        List<float[][]> answers = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads++) {
          JniUtils.setNumThreads(threads);
          answers.add(question.ask(network));
        }
        assertThat(answers)
            .as("draw %d of %s: %s", draw, config, question)
            .allMatch(answer -> Arrays.deepEquals(answer, answers.getFirst()));
      } finally {
        JniUtils.setNumThreads(all);
      }
    }
  }

  /** Sums of whole numbers are exact in any order. */
  @ParameterizedTest
  @CsvSource({"1,16,16", "7,12,5", "24,128,31", "33,50,200"})
  void productsOfWholeNumbersAreTheSame(int rows, int in, int out) {
    try (TensorScope scope = TensorScope.open();
        Kernels kernels = Kernels.load(Transformer.class)) {
      NDArray x = scope.floats(gaussian(1, rows * in), rows, in);
      NDArray bias = scope.floats(gaussian(2, out));
      NDList matrix =
          kernels.call(
              scope, "quantise_matrix", scope.floats(gaussian(3, out * in), out, in), bias);
      NDArray packed = kernels.call(scope, "pack_int8", matrix.get(0)).get(0);

      float[] expected = product(kernels, scope, x, matrix.get(0), matrix.get(1));
      float[] actual = product(kernels, scope, x, packed, matrix.get(1));

      assertThat(actual).containsExactly(expected, within(1e-4f));
    }
  }

  private static float[] product(
      Kernels kernels, TensorScope scope, NDArray x, NDArray matrix, NDArray scales) {
    return kernels.call(scope, "project_int8", x, matrix, scales).get(0).toFloatArray();
  }

  private static float[] gaussian(int seed, int count) {
    KeyedRandom random = KeyedRandom.of(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.gaussian(i);
    }
    return values;
  }

  /**
   * Widths that no vector length divides; tied and untied heads; biases; shared key/value heads.
   */
  private static BackboneConfig network(KeyedRandom random) {
    int heads = 1 + random.nextInt(4, 1);
    int width = heads * 2 * (3 + random.nextInt(9, 2));
    int layers = 1 + random.nextInt(3, 3);
    int vocabulary = 20 + random.nextInt(60, 4);
    return switch (random.nextInt(3, 5)) {
      case 0 -> BackboneConfig.radd(vocabulary, layers, width, heads, CONTEXT);
      case 1 -> TransformerTest.grouped();
      default ->
          BackboneConfig.llama(
              vocabulary, layers, width, heads, 5 + random.nextInt(90, 6), CONTEXT, 0);
    };
  }

  /** Relative, in the Euclidean norm. */
  private static double distance(float[][] actual, float[][] expected) {
    double error = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      for (int v = 0; v < expected[i].length; v++) {
        if (expected[i][v] > -1e20) { // the mask token's, where a head has none
          error += Math.pow(actual[i][v] - expected[i][v], 2);
          size += Math.pow(expected[i][v], 2);
        }
      }
    }
    return Math.sqrt(error / size);
  }

  /** Tokens after a past, of which some are scored. */
  private record Question(int[] ids, int past, AttentionLayout layout, int[] rows) {
    static Question draw(BackboneConfig config, KeyedRandom random) {
      int length = Math.min(config.contextLength(), 2 + random.nextInt(CONTEXT - 2, 7));
      int past = random.nextInt(length, 8);
      int vocabulary = config.vocabularySize();
      int[] ids =
          IntStream.range(0, length).map(i -> random.nextInt(vocabulary, 9, i, 0)).toArray();
      List<AttentionLayout> layouts =
          List.of(new Full(), new Causal(), new BlockCausal(1 + random.nextInt(16, 10)));
      int[] rows =
          IntStream.range(0, length - past).filter(i -> random.nextInt(2, 11, i, 0) == 0).toArray();
      return new Question(
          ids,
          past,
          layouts.get(random.nextInt(layouts.size(), 12)),
          rows.length == 0 ? new int[] {0} : rows);
    }

    float[][] ask(Transformer network) {
      try (@Nullable KeyValues before = past == 0 ? null : before(network);
          ForwardPass pass =
              network.forward(
                  Arrays.copyOfRange(ids, past, ids.length),
                  IntStream.range(past, ids.length).toArray(),
                  before,
                  layout,
                  rows)) {
        return pass.logitsToHost();
      }
    }

    private KeyValues before(Transformer network) {
      int[] positions = IntStream.range(0, past).toArray();
      try (ForwardPass pass =
          network.forward(Arrays.copyOf(ids, past), positions, null, layout, new int[] {0})) {
        return pass.takeKeyValues();
      }
    }
  }
}
