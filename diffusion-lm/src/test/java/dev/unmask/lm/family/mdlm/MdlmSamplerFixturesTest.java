package dev.unmask.lm.family.mdlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.backbone.DitLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.ReverseDenoising;
import dev.unmask.lm.decoding.ReverseDenoising.Network;
import dev.unmask.lm.decoding.TimeGrid;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.testing.SilentTokens;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Samples of MDLM's published code, step by step from its recorded random numbers. */
@ReproducesKinds("mdlm/sampler")
@Covers(
    method = "mdlm",
    parts = {Part.SAMPLE})
class MdlmSamplerFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesEveryRun() {
    return FixtureCase.ofKinds("mdlm", "mdlm/sampler")
        .flatMap(
            fixture ->
                fixture.params().getAsJsonArray("runs").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .map(
                        run ->
                            DynamicTest.dynamicTest(
                                fixture.name() + " " + run, () -> compare(fixture, run))));
  }

  private static void compare(FixtureCase fixture, JsonObject run) {
    ModelDirectory model = ModelDirectory.at(fixture.directory());
    BackboneConfig shape = DitLoader.config(model.config());
    boolean cached = run.get("sampler").getAsString().equals("ddpm_cache");
    try (Safetensors expected = fixture.expected();
        DiffusionTransformer network = DitLoader.load(shape, model, Precision.F32)) {
      Recording recording = Recording.of(run, expected, shape);
      MdlmRule rule = recording.rule(run, cached && !shape.conditioning().active());
      BitSet asked = new BitSet();
      for (int row = 0; row < recording.rows; row++) {
        int[] tokens = recording.sample(fixture, rule, Network.of(network), row, asked);
        assertThat(tokens).as("row %d", row).isEqualTo(recording.finished(row));
      }
      assertThat(recording.publishedCalls(rule)).isEqualTo(run.get("network_calls").getAsInt());
      BitSet published = recording.publishedSteps(rule);
      asked.andNot(published);
      assertThat(asked.isEmpty()).as("asked only where the published code asks").isTrue();
    }
  }

  /** The recorded tensors of one run. */
  private record Recording(
      BackboneConfig shape,
      int steps,
      int rows,
      int length,
      int[] canvas,
      int[] last,
      float[] u,
      float[] weights) {
    static Recording of(JsonObject run, Safetensors expected, BackboneConfig shape) {
      String name = "run" + run.get("run").getAsInt() + ".";
      List<Long> sizes = expected.info(name + "canvas").shape();
      return new Recording(
          shape,
          run.get("steps").getAsInt(),
          sizes.get(1).intValue(),
          sizes.get(2).intValue(),
          ints(expected.longs(name + "canvas")),
          ints(expected.longs(name + "final")),
          expected.floats(name + "u"),
          expected.floats(name + "probs"));
    }

    MdlmRule rule(JsonObject run, boolean reuses) {
      return new MdlmRule(
          new TimeGrid(new NoiseSchedule.LogLinear(), steps),
          shape.maskId(),
          run.get("sampler").getAsString().equals("analytic")
              ? MdlmRule.Sampler.ANALYTIC
              : MdlmRule.Sampler.ANCESTRAL,
          1,
          reuses);
    }

    int[] sample(FixtureCase fixture, MdlmRule rule, Network network, int row, BitSet asked) {
      BitSet open = new BitSet();
      open.set(0, length);
      DecodeSettings settings =
          new DecodeSettings(
              length, 1, new FixedTokensPerStep(1), CacheKind.NONE, 1, 1, 0, List.of());
      ReverseDenoising denoising =
          ReverseDenoising.start(
              shape,
              new Canvas.Template(state(0, row), open),
              settings,
              SilentTokens.of(shape.vocabularySize()),
              (ids, positions, noise) -> {
                asked.set(step(rule, noise));
                double[][] logits = network.logits(ids, positions, noise);
                compareWeights(fixture, rule, step(rule, noise), row, positions, logits);
                return logits;
              },
              rule,
              draws(row));
      while (!denoising.finished()) {
        denoising.step();
        int done = Math.min(denoising.reverseSteps(), states() - 1);
        assertThat(denoising.canvas())
            .as("row %d after step %d", row, denoising.reverseSteps())
            .isEqualTo(denoising.reverseSteps() > steps ? finished(row) : state(done, row));
      }
      return denoising.canvas();
    }

    private int step(MdlmRule rule, double noise) {
      return IntStream.rangeClosed(0, steps)
          .filter(step -> rule.totalNoise(step) == noise)
          .findFirst()
          .orElseThrow();
    }

    private void compareWeights(
        FixtureCase fixture, MdlmRule rule, int step, int row, int[] positions, double[][] logits) {
      if (step >= states() - 1) {
        return; // an argmax, not a draw
      }
      for (int i = 0; i < positions.length; i++) {
        double[] actual = rule.weights(step, logits[i], rule.maskId());
        for (int v = 0; v < actual.length; v++) {
          double recorded = weights[at(step, row, positions[i], v)];
          double tolerance =
              fixture.tolerance("probs_abs") + fixture.tolerance("probs_rel") * recorded;
          assertThat(actual[v])
              .as("row %d, step %d, position %d, token %d", row, step, positions[i], v)
              .isCloseTo(recorded, within(tolerance));
        }
      }
    }

    private ReverseDenoising.Draws draws(int row) {
      return new ReverseDenoising.Draws() {
        @Override
        public double uniform(int step, int position, int token) {
          return step < states() - 1 ? u[at(step, row, position, token)] : 0.5;
        }

        @Override
        public int initial(int position, int states) {
          throw new AssertionError("everything starts masked");
        }
      };
    }

    private int at(int step, int row, int position, int token) {
      return ((step * rows + row) * length + position) * shape.vocabularySize() + token;
    }

    /** Recorded states, the first included. */
    private int states() {
      return canvas.length / (rows * length);
    }

    private int[] state(int step, int row) {
      int from = (step * rows + row) * length;
      return Arrays.copyOfRange(canvas, from, from + length);
    }

    int[] finished(int row) {
      return Arrays.copyOfRange(last, row * length, (row + 1) * length);
    }

    /** Steps at which the published code runs its network over the whole batch. */
    BitSet publishedSteps(MdlmRule rule) {
      BitSet published = new BitSet();
      published.set(0, steps + 1);
      for (int step = 1; step < steps && rule.reusesAnswers(); step++) {
        int from = (step - 1) * rows * length;
        int to = from + rows * length;
        boolean unchanged = Arrays.equals(canvas, from, to, canvas, to, to + rows * length);
        published.set(step, !unchanged);
      }
      return published;
    }

    int publishedCalls(MdlmRule rule) {
      return publishedSteps(rule).cardinality();
    }

    private static int[] ints(long[] values) {
      return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }
  }
}
