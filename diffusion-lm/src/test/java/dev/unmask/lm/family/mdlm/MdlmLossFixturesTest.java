package dev.unmask.lm.family.mdlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.backbone.DitLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.family.mdlm.Nelbo.Place;
import dev.unmask.lm.family.mdlm.Nelbo.Timing;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.FixtureGradients;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bounds and gradients of MDLM's published code, and its schedules. */
@ReproducesKinds("mdlm/loss")
@Covers(
    method = "mdlm",
    parts = {Part.TRAIN, Part.LOAD})
class MdlmLossFixturesTest {
  static Stream<FixtureCase> losses() {
    return FixtureCase.ofKinds("mdlm", "mdlm/loss");
  }

  @TestFactory
  Stream<DynamicTest> reproducesEveryVariant() {
    return losses()
        .flatMap(
            fixture ->
                fixture.params().getAsJsonArray("variants").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .map(
                        variant ->
                            DynamicTest.dynamicTest(
                                fixture.name() + " " + variant, () -> compare(fixture, variant))));
  }

  private static void compare(FixtureCase fixture, JsonObject variant) {
    ModelDirectory model = ModelDirectory.at(fixture.directory());
    BackboneConfig shape = DitLoader.config(model.config());
    String name = "v" + variant.get("variant").getAsInt() + ".";
    try (Safetensors file = model.openWeights();
        Safetensors expected = fixture.expected();
        DiffusionTransformer network =
            DiffusionTransformer.forTraining(
                shape, DitLoader.weights(shape, file), Precision.F32)) {
      Draws draws =
          Draws.of(expected, name, new Nelbo(new NoiseSchedule.LogLinear(), timing(variant)));
      draws.compareWithRecorded(expected, name, shape);

      Loss loss = network.differentiate(draws.batch(variant, shape.maskId()));

      double recorded = expected.floats(name + "loss")[0];
      assertThat(loss.value())
          .isCloseTo(recorded, within(fixture.tolerance("loss_rel") * Math.abs(recorded)));
      comparePositions(fixture, expected, name, draws, variant, loss, shape.maskId());
      FixtureGradients.compare(fixture, network.weights(), expected, name, 1);
      compareDistributions(fixture, expected, name, draws, network);
    }
  }

  private static Timing timing(JsonObject variant) {
    if (variant.get("T").getAsInt() > 0) {
      return new Timing.Discrete(variant.get("T").getAsInt());
    }
    if (variant.get("importance_sampling").getAsBoolean()) {
      return new Timing.ImportanceSampled();
    }
    return variant.get("change_of_variables").getAsBoolean()
        ? new Timing.ChangeOfVariables()
        : new Timing.Continuous();
  }

  private static void comparePositions(
      FixtureCase fixture,
      Safetensors expected,
      String name,
      Draws draws,
      JsonObject variant,
      Loss loss,
      int maskId) {
    ScoredBatch batch = draws.batch(variant, maskId);
    double[] actual = new double[batch.ids().length];
    for (int i = 0; i < batch.rows().length; i++) {
      int row = batch.rows()[i];
      actual[row] = batch.weights()[i] == 0 ? 0 : draws.weight(row) * loss.nats()[i];
    }
    float[] recorded = expected.floats(name + "nlls");
    for (int i = 0; i < recorded.length; i++) {
      double tolerance = fixture.tolerance("loss_rel") * Math.max(1, Math.abs(recorded[i]));
      assertThat(actual[i]).as("token %d", i).isCloseTo(recorded[i], within(tolerance));
    }
  }

  private static void compareDistributions(
      FixtureCase fixture,
      Safetensors expected,
      String name,
      Draws draws,
      DiffusionTransformer network) {
    int mask = network.config().maskId();
    float[] recorded = expected.floats(name + "log_probs");
    int[] all = IntStream.range(0, draws.length()).toArray();
    for (int row = 0; row < draws.noisy.length; row++) {
      try (ForwardPass pass =
          network.forward(draws.noisy[row], all, null, new Full(), all, draws.places[row].told())) {
        double[][] logits = pass.logitsInDouble();
        for (int position : all) {
          int at = (row * draws.length() + position) * (mask + 1);
          if (draws.noisy[row][position] == mask) {
            double[] actual = Subs.logProbabilities(logits[position]);
            for (int v = 0; v < mask; v++) {
              assertThat(actual[v])
                  .isCloseTo(recorded[at + v], within(fixture.tolerance("logits_abs")));
            }
            assertThat(recorded[at + mask]).isLessThan(-1e5f);
          } else {
            assertThat(recorded[at + draws.noisy[row][position]]).isZero();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void reproducesTheSchedules(FixtureCase fixture) {
    Map<String, NoiseSchedule> schedules =
        Map.of(
            "loglinear", new NoiseSchedule.LogLinear(),
            "cosine", new NoiseSchedule.Cosine(1e-3, 1),
            "cosinesqr", new NoiseSchedule.Cosine(1e-3, 2),
            "geometric", new NoiseSchedule.Geometric(1e-4, 20));
    try (Safetensors expected = fixture.expected()) {
      float[] times = expected.floats("schedule.t");
      schedules.forEach(
          (name, schedule) -> {
            float[] noise = expected.floats("schedule." + name + ".sigma");
            float[] rate = expected.floats("schedule." + name + ".dsigma");
            for (int i = 0; i < times.length; i++) {
              double relative = fixture.tolerance("loss_rel");
              assertThat(schedule.totalNoise(times[i]))
                  .isCloseTo(noise[i], within(1e-6 + relative * noise[i]));
              assertThat(schedule.rate(times[i]))
                  .isCloseTo(rate[i], within(1e-6 + relative * rate[i]));
            }
          });
      Nelbo importance = new Nelbo(new NoiseSchedule.LogLinear(), new Timing.ImportanceSampled());
      float[] transformed = expected.floats("schedule.loglinear.importance_t");
      for (int i = 0; i < times.length; i++) {
        assertThat(importance.place((times[i] - 1e-3) / (1 - 1e-3)).time())
            .isCloseTo(transformed[i], within(1e-5 * transformed[i]));
      }
    }
  }

  /** The recorded clean and noisy tokens of one variant, and where its times lead. */
  private record Draws(int[][] clean, int[][] noisy, Place[] places) {
    static Draws of(Safetensors expected, String name, Nelbo objective) {
      int length = expected.info("x0").shape().get(1).intValue();
      int[][] noisy = rows(expected.longs(name + "x_t"), length);
      float[] u = expected.floats(name + "u_time");
      Place[] places = new Place[u.length];
      Arrays.setAll(places, i -> objective.place(((double) u[i] + i) / u.length % 1));
      int[][] clean = rows(expected.longs("x0"), length);
      return new Draws(Arrays.copyOf(clean, noisy.length), noisy, places);
    }

    int length() {
      return clean[0].length;
    }

    double weight(int row) {
      return places[row / length()].weight();
    }

    void compareWithRecorded(Safetensors expected, String name, BackboneConfig shape) {
      float[] t = expected.floats(name + "t");
      float[] told = expected.floats(name + "backbone_sigma");
      float[] u = expected.floats(name + "u_token");
      for (int row = 0; row < places.length; row++) {
        assertThat(places[row].time()).isCloseTo(t[row], within(1e-5));
        if (shape.conditioning().active()) {
          assertThat(places[row].told()).isCloseTo(told[row], within(1e-4 * (1 + told[row])));
        }
        for (int position = 0; position < length(); position++) {
          boolean masked = u[row * length() + position] < places[row].maskProbability();
          assertThat(noisy[row][position])
              .isEqualTo(masked ? shape.maskId() : clean[row][position]);
        }
      }
    }

    ScoredBatch batch(JsonObject variant, int maskId) {
      boolean[][] counts = new boolean[clean.length][length()];
      for (boolean[] row : counts) {
        Arrays.fill(row, 0, length() - variant.get("padded_tail").getAsInt(), true);
      }
      return new Nelbo().batch(clean, noisy, counts, places, maskId);
    }

    private static int[][] rows(long[] ids, int length) {
      int[][] rows = new int[ids.length / length][length];
      for (int i = 0; i < ids.length; i++) {
        rows[i / length][i % length] = (int) ids[i];
      }
      return rows;
    }
  }
}
