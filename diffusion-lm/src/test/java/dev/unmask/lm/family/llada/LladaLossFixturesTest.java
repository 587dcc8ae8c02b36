package dev.unmask.lm.family.llada;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.TrainableBackbone;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.objective.AnswerMasking;
import dev.unmask.lm.objective.AnswerMasking.Mean;
import dev.unmask.lm.objective.LinearMasking;
import dev.unmask.lm.packing.AnswerRows;
import dev.unmask.lm.packing.AnswerSpan;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.DenoisingLosses;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.FixtureGradients;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** LLaDA's losses of pre-training, with gradients, and of fine-tuning. */
@ReproducesKinds("llada/forward")
@Covers(
    method = "llada",
    parts = {Part.TRAIN})
class LladaLossFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesTheLosses() {
    return FixtureCase.ofKinds("llada", "llada/forward")
        .filter(LladaLossFixturesTest::hasLosses)
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compare(fixture)));
  }

  private static boolean hasLosses(FixtureCase fixture) {
    try (Safetensors expected = fixture.expected()) {
      return expected.tensors().containsKey("pretrain.loss");
    }
  }

  static TrainableBackbone network(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    BackboneConfig config = LladaConfig.read(directory.config());
    try (TensorSource file = directory.openTensors()) {
      return TrainableBackbone.of(config, Weights.read(config, file), Precision.F32);
    }
  }

  private static void compare(FixtureCase fixture) {
    int maskId = fixture.params().get("mask_id").getAsInt();
    try (TrainableBackbone network = network(fixture);
        Safetensors expected = fixture.expected()) {
      int[][] clean = DenoisingLosses.ids(expected, "pretrain.clean");
      double[] probabilities = DenoisingLosses.numbers(expected, "pretrain.p_mask");
      double[] times = DenoisingLosses.numbers(expected, "pretrain.t");
      for (int i = 0; i < times.length; i++) {
        assertThat(LinearMasking.maskProbability(times[i]))
            .isCloseTo(probabilities[i], within(1e-6));
      }
      int[][] noisy = DenoisingLosses.ids(expected, "pretrain.noisy");
      double pretraining =
          network
              .differentiate(
                  new LinearMasking(Alignment.SAME_POSITION, 0)
                      .batch(clean, DenoisingLosses.masked(noisy, maskId), probabilities, maskId))
              .value();
      close(fixture, pretraining, expected.floats("pretrain.loss")[0]);
      FixtureGradients.compare(fixture, network.weights(), expected, "pretrain.", 1);

      int[][] answers = DenoisingLosses.ids(expected, "sft.noisy");
      double tuning =
          network
              .evaluate(
                  new AnswerMasking(Mean.PER_ANSWER)
                      .batch(
                          rows(clean, expected),
                          DenoisingLosses.masked(answers, maskId),
                          probabilities,
                          maskId))
              .value();
      close(fixture, tuning, expected.floats("sft.loss")[0]);
    }
  }

  private static AnswerRows rows(int[][] clean, Safetensors expected) {
    return new AnswerRows(
        clean,
        Arrays.stream(expected.longs("sft.prompt_lengths"))
            .mapToObj(prompt -> new AnswerSpan((int) prompt, clean[0].length))
            .toList());
  }

  private static void close(FixtureCase fixture, double actual, double published) {
    double tolerance = fixture.tolerance("loss_rel") * Math.max(1, Math.abs(published));
    assertThat(actual).isCloseTo(published, within(tolerance));
  }
}
