package dev.unmask.lm.family.sedd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.backbone.DitLoader;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.ReverseDenoising;
import dev.unmask.lm.decoding.ReverseRule;
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
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Samples of SEDD's published code, step by step from its recorded random numbers. */
@ReproducesKinds("sedd/sampler")
@Covers(
    method = "sedd",
    parts = {Part.SAMPLE})
class SeddSamplerFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesEveryRun() {
    return FixtureCase.ofKinds("sedd", "sedd/sampler")
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
    SeddConfig config = SeddConfig.read(model.config());
    try (Safetensors expected = fixture.expected();
        DiffusionTransformer network = DitLoader.load(config.backbone(), model, Precision.F32)) {
      Recording recording = Recording.of(run, expected, config);
      for (int row = 0; row < recording.rows; row++) {
        SeddRule rule =
            new SeddRule(
                config,
                new TimeGrid(config.schedule(), recording.steps),
                SeddRule.Predictor.valueOf(
                    run.get("predictor").getAsString().toUpperCase(Locale.ROOT)));
        Checked checked = new Checked(fixture, rule, recording, row);
        ReverseDenoising denoising = recording.start(config, network, checked, row);
        for (int step = 0; !denoising.finished(); step++) {
          denoising.step();
          recording.compareOpen(denoising.canvas(), step, row);
        }
        recording.compareOpen(denoising.canvas(), recording.steps, row);
        assertThat(rule.steps()).isEqualTo(run.get("network_calls").getAsInt());
        assertThat(denoising.report().nfe()).isEqualTo(denoising.reverseSteps());
      }
    }
  }

  /** The recorded tensors of one run. */
  private record Recording(
      int steps,
      int rows,
      int length,
      int prompt,
      int states,
      int[] start,
      int[] given,
      int[] after,
      float[] u,
      float[] lastU,
      float[] weights,
      float[] lastWeights) {

    static Recording of(JsonObject run, Safetensors expected, SeddConfig config) {
      String name = "run" + run.get("run").getAsInt() + ".";
      int[] start = ints(expected.longs(name + "x_init"));
      int length = expected.info(name + "x_init").shape().get(1).intValue();
      return new Recording(
          run.get("steps").getAsInt(),
          start.length / length,
          length,
          run.get("prompt_len").getAsInt(),
          config.graph().states(),
          start,
          ints(expected.longs(name + "prompt")),
          ints(expected.longs(name + "x_after")),
          expected.floats(name + "u"),
          expected.floats(name + "u_last"),
          expected.floats(name + "probs"),
          expected.floats(name + "probs_last"));
    }

    ReverseDenoising start(
        SeddConfig config, DiffusionTransformer network, ReverseRule rule, int row) {
      int[] canvas = Arrays.copyOfRange(start, row * length, (row + 1) * length);
      System.arraycopy(given, row * prompt, canvas, 0, prompt);
      BitSet open = new BitSet();
      open.set(prompt, length);
      DecodeSettings settings =
          new DecodeSettings(
              length, 1, new FixedTokensPerStep(1), CacheKind.NONE, 1, 1, 0, List.of());
      return ReverseDenoising.start(
          config.backbone(),
          new Canvas.Template(canvas, open),
          settings,
          SilentTokens.of(states),
          ReverseDenoising.Network.of(network),
          rule,
          draws(row));
    }

    private ReverseDenoising.Draws draws(int row) {
      return new ReverseDenoising.Draws() {
        @Override
        public double uniform(int step, int position, int state) {
          return step < steps
              ? u[((step * rows + row) * length + position) * states + state]
              : lastU[(row * length + position) * lastColumns() + state];
        }

        @Override
        public int initial(int position, int count) {
          return start[row * length + position];
        }
      };
    }

    int lastColumns() {
      return lastU.length / (rows * length);
    }

    float weight(int step, int row, int position, int state) {
      return step < steps
          ? weights[((step * rows + row) * length + position) * states + state]
          : lastWeights[(row * length + position) * lastColumns() + state];
    }

    /** The published code draws for given positions too, and then overwrites them. */
    void compareOpen(int[] canvas, int step, int row) {
      int from = (step * rows + row) * length;
      assertThat(Arrays.copyOfRange(canvas, prompt, length))
          .as("row %d after step %d", row, step)
          .isEqualTo(Arrays.copyOfRange(after, from + prompt, from + length));
    }

    private static int[] ints(long[] values) {
      return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }
  }

  /** A rule whose weights are compared with the recorded ones as they are asked for. */
  private static final class Checked implements ReverseRule {
    private final FixtureCase fixture;
    private final SeddRule rule;
    private final Recording recording;
    private final int row;
    private int position;
    private int stepSeen = -1;

    Checked(FixtureCase fixture, SeddRule rule, Recording recording, int row) {
      this.fixture = fixture;
      this.rule = rule;
      this.recording = recording;
      this.row = row;
    }

    @Override
    public double[] weights(int step, double[] logits, int current) {
      double[] weights = rule.weights(step, logits, current);
      position = step == stepSeen ? position + 1 : recording.prompt;
      stepSeen = step;
      while (!stillOpen(step)) {
        position++;
      }
      for (int state = 0; state < weights.length; state++) {
        double recorded = recording.weight(step, row, position, state);
        double tolerance =
            fixture.tolerance("probs_abs") + fixture.tolerance("probs_rel") * Math.abs(recorded);
        assertThat(weights[state])
            .as("row %d, step %d, position %d, state %d", row, step, position, state)
            .isCloseTo(recorded, within(tolerance));
      }
      return weights;
    }

    private boolean stillOpen(int step) {
      int before =
          step == 0
              ? recording.start[row * recording.length + position]
              : recording.after[((step - 1) * recording.rows + row) * recording.length + position];
      return !rule.settles(before);
    }

    @Override
    public int steps() {
      return rule.steps();
    }

    @Override
    public double totalNoise(int step) {
      return rule.totalNoise(step);
    }

    @Override
    public boolean settles(int state) {
      return rule.settles(state);
    }

    @Override
    public int initial(IntUnaryOperator state) {
      return state.applyAsInt(recording.states);
    }

    @Override
    public boolean reusesAnswers() {
      return rule.reusesAnswers();
    }
  }
}
