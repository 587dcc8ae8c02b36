package dev.unmask.lm.family.bd3lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.backbone.DitLoader;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.FixtureGradients;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses, logits over both halves and gradients of BD3-LM's published code. */
@ReproducesKinds("bd3lm/loss")
@Covers(
    method = "bd3lm",
    parts = {Part.TRAIN, Part.SCORE})
class Bd3LossFixturesTest {
  private static final Map<String, BlockNoise> NOISE =
      Map.of(
          "loglinear", new BlockNoise.Linear(),
          "cosine", new BlockNoise.Cosine(),
          "square", new BlockNoise.Power(2),
          "square_root", new BlockNoise.Power(0.5),
          "log", new BlockNoise.Logarithmic());

  @TestFactory
  Stream<DynamicTest> reproducesEveryVariant() {
    return FixtureCase.ofKinds("bd3lm", "bd3lm/loss")
        .flatMap(
            fixture ->
                fixture.params().getAsJsonArray("variants").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .map(
                        variant ->
                            dynamicTest(
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
      Recorded recorded = Recorded.of(fixture, expected, name, objective(fixture, variant));
      recorded.compareNoise(variant);
      ScoredBatch batch = recorded.batch(shape.maskId());
      assertThat(batch.ids()).isEqualTo(ints(expected, name + "input_2L"));

      Loss loss = network.differentiate(batch);

      double value = expected.doubles(name + "loss")[0];
      assertThat(loss.value())
          .isCloseTo(value, within(fixture.tolerance("loss_rel") * Math.abs(value)));
      recorded.compareTokens(batch, loss);
      FixtureGradients.compare(fixture, network.weights(), expected, name, 1);
      recorded.compareLogits(network, batch);
    }
  }

  private static ClippedBlockDiffusion objective(FixtureCase fixture, JsonObject variant) {
    Clipping clipping =
        variant.has("lo")
            ? new Clipping(variant.get("lo").getAsDouble(), variant.get("hi").getAsDouble())
            : Clipping.FULL;
    BlockNoise noise =
        variant.has("mdlm")
            ? new BlockNoise.OfSchedule(new NoiseSchedule.LogLinear())
            : schedule(variant);
    int blockSize = fixture.params().get("block_size").getAsInt();
    return new ClippedBlockDiffusion(blockSize, noise, clipping, false, true);
  }

  private static BlockNoise schedule(JsonObject variant) {
    String name = variant.has("noise") ? variant.get("noise").getAsString() : "loglinear";
    return Objects.requireNonNull(NOISE.get(name), name);
  }

  private static int[] ints(Safetensors file, String name) {
    return Arrays.stream(file.longs(name)).mapToInt(Math::toIntExact).toArray();
  }

  private record Recorded(
      FixtureCase fixture,
      Safetensors expected,
      String name,
      ClippedBlockDiffusion objective,
      int[][] clean) {
    static Recorded of(
        FixtureCase fixture, Safetensors expected, String name, ClippedBlockDiffusion objective) {
      int length = expected.info("x0").shape().get(1).intValue();
      int[] flat = ints(expected, "x0");
      int[][] clean = new int[flat.length / length][];
      Arrays.setAll(clean, i -> Arrays.copyOfRange(flat, i * length, (i + 1) * length));
      return new Recorded(fixture, expected, name, objective, clean);
    }

    int length() {
      return clean[0].length;
    }

    /** Strata over all blocks of the batch in their order: the published code shuffles nothing. */
    double[][] times() {
      double[] u = expected.doubles(name + "u_block");
      double[][] times = new double[clean.length][u.length / clean.length];
      for (int i = 0; i < u.length; i++) {
        double unit = (u[i] / u.length + (double) i / u.length) % 1;
        times[i / times[0].length][i % times[0].length] = objective.clipping().time(unit);
      }
      return times;
    }

    void compareNoise(JsonObject variant) {
      double[][] times = times();
      double[] t = expected.doubles(name + "t");
      double[] p = expected.doubles(name + "p");
      double[] weight = expected.doubles(name + "loss_scale");
      int columns = t.length / clean.length; // one for all where a block is the whole length
      for (int i = 0; i < t.length; i++) {
        int block = columns == 1 ? 0 : i % columns / objective.blockSize();
        double time = times[i / columns][block];
        assertThat(time).isCloseTo(t[i], within(1e-6));
        double relative = fixture.tolerance("loss_rel");
        assertThat(schedule(variant).maskProbability(time))
            .isCloseTo(p[i], within(relative * p[i]));
        assertThat(objective.noise().weight(time))
            .isCloseTo(weight[i], within(relative * weight[i]));
      }
    }

    ScoredBatch batch(int maskId) {
      double[][] times = times();
      float[] u = expected.floats(name + "u_token");
      float[] counts = expected.floats(name + "token_mask");
      BitSet[] masked = new BitSet[clean.length];
      BitSet[] counted = new BitSet[clean.length];
      for (int i = 0; i < clean.length; i++) {
        masked[i] = new BitSet();
        counted[i] = new BitSet();
        for (int position = 0; position < length(); position++) {
          double time = times[i][position / objective.blockSize()];
          int at = i * length() + position;
          masked[i].set(position, u[at] <= (float) objective.noise().maskProbability(time));
          counted[i].set(position, counts[at] > 0);
        }
      }
      return objective.batch(clean, masked, times, counted, maskId);
    }

    void compareTokens(ScoredBatch batch, Loss loss) {
      double[] nats = expected.doubles(name + "nlls");
      double tokens = Arrays.stream(expected.doubles(name + "token_mask")).sum();
      double[] actual = new double[nats.length];
      for (int i = 0; i < batch.rows().length; i++) {
        actual[batch.rows()[i]] = batch.weights()[i] * tokens * loss.nats()[i];
      }
      for (int i = 0; i < nats.length; i++) {
        double tolerance = fixture.tolerance("loss_rel") * Math.max(1, Math.abs(nats[i]));
        assertThat(actual[i]).as("token %d", i).isCloseTo(nats[i], within(tolerance));
      }
    }

    void compareLogits(DiffusionTransformer network, ScoredBatch batch) {
      int columns = network.config().vocabularySize();
      double[] recorded = expected.doubles(name + "backbone_logits");
      int[] all = IntStream.range(0, clean.length * length()).toArray();
      ScoredBatch everywhere =
          new ScoredBatch(
              batch.sequences(),
              batch.ids(),
              batch.positions(),
              batch.layout(),
              all,
              all,
              new float[all.length],
              batch.totalNoise(),
              batch.criterion());
      float[][] logits = network.logits(everywhere);
      for (int row : all) {
        for (int v = 0; v < logits[row].length; v++) { // without the mask token's column
          assertThat((double) logits[row][v])
              .isCloseTo(recorded[row * columns + v], within(fixture.tolerance("logits_abs")));
        }
      }
    }
  }
}
