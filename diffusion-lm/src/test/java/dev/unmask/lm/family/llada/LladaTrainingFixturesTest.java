package dev.unmask.lm.family.llada;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonObject;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.backbone.TrainableBackbone;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.objective.LinearMasking;
import dev.unmask.lm.optimizer.AdamW;
import dev.unmask.lm.optimizer.OptimizerSettings;
import dev.unmask.lm.optimizer.OptimizerSettings.Decay;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.DenoisingLosses;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Optimizer steps of a LLaDA network: loss, norm of the gradients, final weights. */
@ReproducesKinds("llada/train_steps")
@Covers(
    method = "llada",
    parts = {Part.TRAIN})
class LladaTrainingFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesTheTrainingSteps() {
    return FixtureCase.ofKinds("llada", "llada/train_steps")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> train(fixture)));
  }

  private static void train(FixtureCase fixture) {
    OptimizerSettings settings = settings(fixture.params());
    int maskId = fixture.params().get("mask_id").getAsInt();
    try (TrainableBackbone network = LladaLossFixturesTest.network(fixture);
        Safetensors expected = fixture.expected();
        AdamW optimizer = AdamW.start(settings, network.weights(), parameter -> true)) {
      float[] losses = expected.floats("loss");
      float[] norms = expected.floats("grad_norm");
      for (int step = 0; step < losses.length; step++) {
        double loss = network.differentiate(batch(expected, step, maskId)).value();
        assertThat(loss)
            .isCloseTo(losses[step], within(fixture.tolerance("loss_rel") * losses[step]));
        double norm = optimizer.step(settings.learningRate());
        assertThat(norm)
            .isCloseTo(norms[step], within(fixture.tolerance("grad_norm_rel") * norms[step]));
      }
      float tolerance = (float) fixture.tolerance("final_abs");
      network
          .weights()
          .underStoredNames(NDArray::toFloatArray)
          .forEach(
              (name, values) ->
                  assertThat(values)
                      .as(name)
                      .containsExactly(expected.floats("final." + name), within(tolerance)));
    }
  }

  private static OptimizerSettings settings(JsonObject params) {
    return new OptimizerSettings(
        params.get("lr").getAsDouble(),
        params.getAsJsonArray("betas").get(0).getAsDouble(),
        params.getAsJsonArray("betas").get(1).getAsDouble(),
        params.get("eps").getAsDouble(),
        params.get("weight_decay").getAsDouble(),
        params.get("clip_norm").getAsDouble(),
        0,
        Decay.CONSTANT,
        0);
  }

  private static ScoredBatch batch(Safetensors expected, int step, int maskId) {
    int[][] clean = ids(expected, "clean", step);
    double[] all = DenoisingLosses.numbers(expected, "p_mask");
    double[] probabilities =
        Arrays.copyOfRange(all, step * clean.length, (step + 1) * clean.length);
    return new LinearMasking(Alignment.SAME_POSITION, 0)
        .batch(
            clean,
            DenoisingLosses.masked(ids(expected, "noisy", step), maskId),
            probabilities,
            maskId);
  }

  /** One step of a tensor {@code [steps, B, L]}. */
  private static int[][] ids(Safetensors expected, String tensor, int step) {
    long[] shape = expected.info(tensor).dimensions();
    int rows = (int) shape[1];
    int length = (int) shape[2];
    int[] flat = Arrays.stream(expected.longs(tensor)).mapToInt(Math::toIntExact).toArray();
    int[][] ids = new int[rows][];
    Arrays.setAll(
        ids,
        row ->
            Arrays.copyOfRange(
                flat, (step * rows + row) * length, (step * rows + row + 1) * length));
    return ids;
  }
}
