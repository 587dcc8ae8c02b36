package dev.unmask.lm.family.ar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.TrainableBackbone;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.checkpoint.TensorSource;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.evaluation.BlockScorer;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.DenoisingLosses;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.FixtureGradients;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.testing.SilentTokens;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses, gradients, scores and greedy continuations of published next-token models. */
@ReproducesKinds("ar/causal")
@Covers(
    method = "ar",
    parts = {Part.TRAIN, Part.SCORE, Part.SAMPLE, Part.LOAD})
class ArFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesTheLossAndItsGradients() {
    return cases("loss", ArFixturesTest::compareLoss);
  }

  @TestFactory
  Stream<DynamicTest> scoresEveryTokenByTheChainRule() {
    return cases("score", ArFixturesTest::compareScores);
  }

  @TestFactory
  Stream<DynamicTest> continuesGreedily() {
    return cases("greedy", ArFixturesTest::compareGreedy);
  }

  @TestFactory
  Stream<DynamicTest> givesTheSameLogitsOneCachedTokenAtATime() {
    return cases("cached", ArFixturesTest::compareCachedLogits);
  }

  private static Stream<DynamicTest> cases(String what, Consumer<FixtureCase> comparison) {
    return FixtureCase.ofKinds("ar", "ar/causal")
        .map(
            fixture ->
                DynamicTest.dynamicTest(
                    fixture.name() + " " + what, () -> comparison.accept(fixture)));
  }

  private static BackboneConfig config(FixtureCase fixture) {
    return ArConfig.read(ModelDirectory.at(fixture.directory()).config());
  }

  private static void compareLoss(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    BackboneConfig config = config(fixture);
    try (TensorSource file = directory.openTensors();
        TrainableBackbone network =
            TrainableBackbone.of(config, Weights.read(config, file), Precision.F32);
        Safetensors expected = fixture.expected()) {
      int[][] ids = DenoisingLosses.ids(expected, "input_ids");

      Loss loss =
          network.differentiate(
              new Autoregressive().batch(ids, config.maskId(), KeyedRandom.of(0)));

      double tolerance = fixture.tolerance("loss_rel");
      double value = expected.floats("loss")[0];
      assertThat(loss.value()).isCloseTo(value, within(tolerance * value));
      float[] nats = expected.floats("nll");
      for (int i = 0; i < nats.length; i++) {
        assertThat((double) loss.nats()[i])
            .isCloseTo(nats[i], within(tolerance * Math.max(1, nats[i])));
      }
      FixtureGradients.compare(fixture, network.weights(), expected, "", 1);
    }
  }

  private static Generator generator(FixtureCase fixture) {
    BackboneConfig config = config(fixture).decodingBy(Decoding.blocks(1).shifted());
    Backbone network =
        BackboneLoader.open(ModelDirectory.at(fixture.directory()), config, PrecisionChoice.F32);
    return Generator.of(network, SilentTokens.of(config.vocabularySize()));
  }

  private static void compareScores(FixtureCase fixture) {
    try (Generator generator = generator(fixture);
        Safetensors expected = fixture.expected()) {
      int[][] ids = DenoisingLosses.ids(expected, "input_ids");
      float[] nats = expected.floats("nll");
      for (int row = 0; row < ids.length; row++) {
        double[] scored = BlockScorer.score(generator, ids[row], 1).nats();
        for (int i = 0; i < scored.length; i++) {
          double expectedNats = nats[row * scored.length + i];
          assertThat(scored[i])
              .isCloseTo(
                  expectedNats, within(fixture.tolerance("loss_rel") * Math.max(1, expectedNats)));
        }
      }
    }
  }

  private static void compareGreedy(FixtureCase fixture) {
    try (ArModel model = new ArModel(generator(fixture));
        Safetensors expected = fixture.expected()) {
      int[] greedy = DenoisingLosses.ids(expected, "greedy")[0];
      Canvas prompt = Canvas.completion(DenoisingLosses.ids(expected, "prompt")[0]);
      for (CacheKind cache : new CacheKind[] {CacheKind.NONE, CacheKind.BLOCK}) {
        try (Denoising answer =
            model.start(
                prompt,
                model
                    .defaults()
                    .withSampling(0, 1)
                    .withCache(cache)
                    .withMaxTokens(greedy.length))) {
          assertThat(answer.finish().nfe()).isEqualTo(greedy.length);
          assertThat(answer.tokens()).as("cache %s", cache).containsExactly(greedy);
        }
      }
    }
  }

  private static void compareCachedLogits(FixtureCase fixture) {
    try (Generator generator = generator(fixture);
        Safetensors expected = fixture.expected()) {
      int[] prompt = DenoisingLosses.ids(expected, "prompt")[0];
      int[] greedy = DenoisingLosses.ids(expected, "greedy")[0];
      float[] logits = expected.floats("step_logits");
      int columns = generator.config().vocabularySize();
      float tolerance = (float) fixture.tolerance("logits_abs");
      KeyValues past = null;
      for (int step = 0; step < greedy.length; step++) {
        int[] fresh = step == 0 ? prompt : new int[] {greedy[step - 1]};
        int from = past == null ? 0 : past.length();
        int[] positions = IntStream.range(from, from + fresh.length).toArray();
        int[] last = {fresh.length - 1};
        try (ForwardPass pass =
            generator.backbone().forward(fresh, positions, past, new Causal(), last)) {
          assertThat(pass.logitsToHost()[0])
              .containsExactly(
                  Arrays.copyOfRange(logits, step * columns, (step + 1) * columns),
                  within(tolerance));
          past = past == null ? pass.takeKeyValues() : appended(past, pass.keyValues());
        }
      }
      Objects.requireNonNull(past).close();
    }
  }

  private static KeyValues appended(KeyValues past, KeyValues more) {
    past.append(more);
    return past;
  }
}
