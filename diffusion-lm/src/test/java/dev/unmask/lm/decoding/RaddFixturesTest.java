package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples of RADD's published code, reproduced from its recorded random numbers. */
@ReproducesKinds({"radd/sampler", "radd/sampling_strategies"})
@Covers(
    method = "radd",
    parts = {Part.SAMPLE})
class RaddFixturesTest {
  static Stream<FixtureCase> samplers() {
    return FixtureCase.ofKinds("radd", "radd/sampler");
  }

  static Stream<FixtureCase> strategies() {
    return FixtureCase.ofKinds("radd", "radd/sampling_strategies");
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void reproducesTheDirectSamplerStepByStep(FixtureCase fixture) {
    try (Backbone network = BackboneLoader.load(fixture.directory(), PrecisionChoice.F32);
        Safetensors expected = fixture.expected()) {
      Canvases canvases = Canvases.of(fixture, expected);
      RaddSampler sampler = sampler(fixture, new RaddStrategy.Direct());
      int updates = 0;
      int nfe = 0;
      for (int row = 0; row < canvases.rows(); row++) {
        RaddSampler.Sample sample =
            sampler.sampleByRace(
                logits(network), canvases.at(0)[row], canvases.recorded(expected, row));

        assertThat(sample.tokens()).isEqualTo(canvases.at(canvases.steps())[row]);
        updates += sample.updates();
        nfe += sample.nfe();
      }
      assertThat(updates).isEqualTo(fixture.params().get("reported_update_count").getAsInt());
      assertThat(nfe).isEqualTo(fixture.params().get("forward_rows").getAsInt());
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void reproducesTheWeightsOfEveryDraw(FixtureCase fixture) {
    try (Backbone network = BackboneLoader.load(fixture.directory(), PrecisionChoice.F32);
        Safetensors expected = fixture.expected()) {
      Canvases canvases = Canvases.of(fixture, expected);
      RaddSampler sampler = sampler(fixture, new RaddStrategy.Direct());
      for (int step = 0; step < canvases.steps(); step++) {
        float[] q = expected.floats("step" + step + ".q");
        int at = 0;
        for (int[] canvas : canvases.at(step)) {
          int[] masked = masked(canvas, canvases.maskId());
          double[][] logits = logits(network).logits(canvas, masked);
          double[][] probabilities = new double[masked.length][];
          for (int i = 0; i < masked.length; i++) {
            double[] real = Arrays.copyOf(logits[i], canvases.maskId());
            probabilities[i] = new RaddStrategy.Direct().weigh(real).weights();
          }
          for (double[] weights : sampler.directWeights(probabilities, step)) {
            for (double weight : weights) {
              double tolerance =
                  fixture.tolerance("q_abs") + fixture.tolerance("q_rel") * Math.abs(q[at]);
              assertThat(weight).isCloseTo(q[at++], within(tolerance));
            }
          }
        }
        assertThat(at).isEqualTo(q.length);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void reproducesTheUpdateRates(FixtureCase fixture) {
    try (Safetensors expected = fixture.expected()) {
      int steps = fixture.params().get("steps").getAsInt();
      float[] tweedie = expected.floats("update_rate_tweedie");
      float[] euler = expected.floats("update_rate_euler");
      for (int step = 0; step < steps; step++) {
        double tolerance = fixture.tolerance("rate_rel");
        assertThat(RaddRate.TWEEDIE.reveal(step, steps))
            .isCloseTo(tweedie[step], within(tolerance));
        assertThat(RaddRate.EULER.reveal(step, steps)).isCloseTo(euler[step], within(tolerance));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void reproducesTheOrderedSampler(FixtureCase fixture) {
    try (Backbone network = BackboneLoader.load(fixture.directory(), PrecisionChoice.F32);
        Safetensors expected = fixture.expected()) {
      int[] order = ints(expected.longs("ordered.order"));
      int[] canvas = new int[order.length];
      Arrays.fill(canvas, fixture.params().get("mask_id").getAsInt());

      RaddSampler.Sample sample =
          sampler(fixture, new RaddStrategy.TopK(1))
              .sampleInOrder(logits(network), canvas, order, (step, position, column) -> 0.5);

      int[] final0 = Arrays.copyOf(ints(expected.longs("ordered.x_final")), order.length);
      assertThat(sample.tokens()).isEqualTo(final0);
      assertThat(sample.nfe()).isEqualTo(order.length);
    }
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void reproducesWhatEachStrategyDrawsFrom(FixtureCase fixture) {
    try (Safetensors expected = fixture.expected()) {
      float[] logits = expected.floats("logits");
      int columns = expected.info("logits").shape().get(1).intValue();
      for (String name :
          new String[] {"direct_None", "top_p_0.9", "top_p_0.5", "top_k_1", "top_k_5"}) {
        RaddStrategy strategy = strategy(name);
        float[] probabilities = expected.floats(name + ".probs");
        float[] u = expected.floats(name + ".u");
        long[] tokens = expected.longs(name + ".token");
        int width = probabilities.length / tokens.length;
        for (int row = 0; row < tokens.length; row++) {
          RaddStrategy.Weighted weighted = strategy.weigh(row(logits, row, columns));

          assertThat(weighted.weights())
              .containsExactly(
                  row(probabilities, row, width), within(fixture.tolerance("probs_abs")));
          int drawn = RaddSampler.race(weighted.weights(), row(u, row, width));
          assertThat(weighted.tokens()[drawn])
              .as("%s row %d", name, row)
              .isEqualTo((int) tokens[row]);
        }
      }
    }
  }

  private static RaddStrategy strategy(String name) {
    double parameter = name.endsWith("None") ? 0 : Double.parseDouble(name.substring(6));
    if (name.startsWith("top_p")) {
      return new RaddStrategy.TopP(parameter);
    }
    return name.startsWith("top_k")
        ? new RaddStrategy.TopK((int) parameter)
        : new RaddStrategy.Direct();
  }

  private static RaddSampler sampler(FixtureCase fixture, RaddStrategy strategy) {
    RaddRate rate =
        fixture.params().get("method").getAsString().equals("euler")
            ? RaddRate.EULER
            : RaddRate.TWEEDIE;
    return new RaddSampler(
        fixture.params().get("steps").getAsInt(),
        rate,
        strategy,
        RaddSampler.Evaluation.EAGER,
        fixture.params().get("mask_id").getAsInt());
  }

  private static RaddSampler.Network logits(Backbone network) {
    return (canvas, positions) -> {
      if (positions.length == 0) {
        return new double[0][];
      }
      int[] all = IntStream.range(0, canvas.length).toArray();
      try (ForwardPass pass =
          network.forward(canvas, all, null, new AttentionLayout.Full(), positions)) {
        return Arrays.stream(pass.logitsToHost())
            .map(RaddFixturesTest::widened)
            .toArray(double[][]::new);
      }
    };
  }

  private static double[] widened(float[] values) {
    return row(values, 0, values.length);
  }

  private static double[] row(float[] values, int row, int width) {
    double[] wide = new double[width];
    Arrays.setAll(wide, i -> values[row * width + i]);
    return wide;
  }

  private static int[] masked(int[] canvas, int maskId) {
    return IntStream.range(0, canvas.length).filter(i -> canvas[i] == maskId).toArray();
  }

  private static int[] ints(long[] values) {
    return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
  }

  /** Recorded canvases {@code [step][row][position]}, the start first. */
  private record Canvases(int[][][] canvases, int maskId) {
    static Canvases of(FixtureCase fixture, Safetensors expected) {
      int steps = fixture.params().get("steps").getAsInt();
      int length = expected.info("x_init").shape().get(1).intValue();
      int[][][] canvases = new int[steps + 1][][];
      for (int step = 0; step <= steps; step++) {
        int[] flat = ints(expected.longs(step == 0 ? "x_init" : "step" + (step - 1) + ".x_after"));
        canvases[step] = new int[flat.length / length][];
        for (int row = 0; row < canvases[step].length; row++) {
          canvases[step][row] = Arrays.copyOfRange(flat, row * length, (row + 1) * length);
        }
      }
      return new Canvases(canvases, fixture.params().get("mask_id").getAsInt());
    }

    int[][] at(int step) {
      return canvases[step];
    }

    int steps() {
      return canvases.length - 1;
    }

    int rows() {
      return canvases[0].length;
    }

    /** The published code draws for the masked positions of all rows in order. */
    RaddSampler.Uniforms recorded(Safetensors expected, int row) {
      return (step, position, column) -> {
        int before = 0;
        for (int other = 0; other < row; other++) {
          before += masked(canvases[step][other], maskId).length;
        }
        for (int i = 0; i < position; i++) {
          before += canvases[step][row][i] == maskId ? 1 : 0;
        }
        return expected.floats("step" + step + ".u")[before * (maskId + 1) + column];
      };
    }
  }
}
