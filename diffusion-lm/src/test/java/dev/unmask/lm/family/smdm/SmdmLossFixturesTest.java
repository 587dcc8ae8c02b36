package dev.unmask.lm.family.smdm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.backbone.TrainableBackbone;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.GuidedCache;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.NoCache;
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
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Cross-entropies of masked tokens of SMDM and their gradients. */
@ReproducesKinds("smdm/forward")
@Covers(
    method = "smdm",
    parts = {Part.TRAIN})
class SmdmLossFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesTheLossAndItsGradients() {
    return FixtureCase.ofKinds("smdm", "smdm/forward")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compare(fixture)));
  }

  private static void compare(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    BackboneConfig config = SmdmConfig.read(directory.config());
    try (TensorSource file = directory.openTensors();
        TrainableBackbone network =
            TrainableBackbone.of(config, Weights.read(config, file), Precision.F32);
        Safetensors expected = fixture.expected()) {
      Loss loss = network.differentiate(batch(expected, config));

      double tolerance = fixture.tolerance("loss_rel");
      double value = expected.floats("loss")[0];
      assertThat(loss.value()).isCloseTo(value, within(tolerance * Math.abs(value)));
      FixtureGradients.compare(fixture, network.weights(), expected, "", 1);
    }
  }

  @TestFactory
  Stream<DynamicTest> reproducesGuidedLogits() {
    return FixtureCase.ofKinds("smdm", "smdm/forward")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compareGuided(fixture)));
  }

  private static void compareGuided(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    BackboneConfig config = SmdmConfig.read(directory.config());
    try (Backbone network = BackboneLoader.open(directory, config, PrecisionChoice.F32);
        Safetensors expected = fixture.expected()) {
      int[][] canvases = DenoisingLosses.ids(expected, "cfg.x_cond");
      long[] prompts = expected.longs("cfg.prompt_len");
      for (int row = 0; row < canvases.length; row++) {
        BitSet given = new BitSet();
        given.set(0, (int) prompts[row]);
        try (KvCache guided =
                new GuidedCache(
                    new NoCache(network, new AttentionLayout.Full(), 0),
                    new NoCache(network, new AttentionLayout.Full(), 0),
                    given,
                    config.maskId(),
                    expected.floats("cfg.scale")[0]);
            ForwardPass pass =
                guided.denoise(canvases[row], whole(canvases[row]), all(canvases[row]))) {
          compare(fixture, expected, row, pass.logitsToHost());
        }
      }
    }
  }

  private static Block whole(int[] canvas) {
    return new Block(0, canvas.length);
  }

  private static int[] all(int[] canvas) {
    return IntStream.range(0, canvas.length).toArray();
  }

  private static void compare(
      FixtureCase fixture, Safetensors expected, int row, float[][] logits) {
    long[] shape = expected.info("cfg.logits_guided").dimensions();
    int columns = (int) shape[2];
    float[] recorded = expected.floats("cfg.logits_guided");
    for (int i = 0; i < logits.length; i++) {
      int at = (row * logits.length + i) * columns;
      assertThat(Arrays.copyOf(logits[i], columns))
          .containsExactly(
              Arrays.copyOfRange(recorded, at, at + columns),
              within((float) fixture.tolerance("logits_abs")));
    }
  }

  private static ScoredBatch batch(Safetensors expected, BackboneConfig config) {
    return new LinearMasking(Alignment.SAME_POSITION, 0)
        .batch(
            DenoisingLosses.ids(expected, "x0"),
            DenoisingLosses.masked(DenoisingLosses.ids(expected, "x_t"), config.maskId()),
            DenoisingLosses.numbers(expected, "p_mask"),
            config.maskId());
  }
}
