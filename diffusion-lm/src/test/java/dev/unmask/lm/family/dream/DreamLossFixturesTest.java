package dev.unmask.lm.family.dream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.backbone.TrainableBackbone;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.objective.LinearMasking;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.DenoisingLosses;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.FixtureGradients;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.Precision;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Cross-entropies of masked tokens under Dream's shifted predictions, and their gradients. */
@ReproducesKinds("dream/forward")
@Covers(
    method = "dream",
    parts = {Part.TRAIN})
class DreamLossFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesTheLossAndItsGradients() {
    return FixtureCase.ofKinds("dream", "dream/forward")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compare(fixture)));
  }

  private static void compare(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    BackboneConfig config = DreamConfig.read(directory.config());
    try (TensorSource file = directory.openTensors();
        TrainableBackbone network =
            TrainableBackbone.of(config, Weights.read(config, file), Precision.F32);
        Safetensors expected = fixture.expected()) {
      Loss loss = network.differentiate(batch(expected, config));

      double tolerance = fixture.tolerance("loss_rel");
      double value = expected.floats("loss.value")[0];
      assertThat(loss.value()).isCloseTo(value, within(tolerance * Math.abs(value)));
      double sum = 0;
      for (float nats : loss.nats()) {
        sum += nats;
      }
      double plain = expected.floats("loss.ce_sum")[0];
      assertThat(sum).isCloseTo(plain, within(tolerance * plain));
      FixtureGradients.compare(fixture, network.weights(), expected, "loss.", 1);
    }
  }

  private static ScoredBatch batch(Safetensors expected, BackboneConfig config) {
    return new LinearMasking(Alignment.SHIFTED, 0)
        .batch(
            DenoisingLosses.ids(expected, "loss.clean"),
            DenoisingLosses.masked(DenoisingLosses.ids(expected, "loss.noisy"), config.maskId()),
            DenoisingLosses.numbers(expected, "loss.p"),
            config.maskId());
  }
}
