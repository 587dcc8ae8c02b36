package dev.unmask.lm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.cache.GuidedCache;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.NoCache;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.TokenSampler;
import dev.unmask.lm.family.smdm.SmdmConfig;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.RecordedCanvases;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.PrecisionChoice;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** SMDM's published likelihoods: Monte Carlo from the recorded masks, and the chain rule. */
@ReproducesKinds("smdm/likelihood")
@Covers(
    method = "smdm",
    parts = {Part.SCORE})
class SmdmLikelihoodFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesBothEstimates() {
    return FixtureCase.ofKinds("smdm", "smdm/likelihood")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compare(fixture)));
  }

  private static void compare(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    BackboneConfig config = SmdmConfig.read(directory.config());
    try (Backbone backbone = BackboneLoader.open(directory, config, PrecisionChoice.F32);
        TokenSampler sampler = new TokenSampler(config.vocabularySize(), config.maskId(), -1);
        Safetensors expected = fixture.expected()) {
      JsonArray results = fixture.params().getAsJsonArray("results");
      for (int i = 0; i < results.size(); i++) {
        JsonObject result = results.get(i).getAsJsonObject();
        int[] prompt = ints(expected, "prompt");
        int[] tokens =
            IntStream.concat(IntStream.of(prompt), IntStream.of(ints(expected, "answer")))
                .toArray();
        double guidance = result.get("cfg").getAsDouble();
        try (KvCache network = network(backbone, prompt.length, guidance)) {
          double tolerance = fixture.tolerance("rel");
          double chain = expected.doubles("cfg" + i + ".nll_chain")[0];
          assertThat(BlockScorer.score(network, config, sampler, tokens, prompt.length).totalNats())
              .isCloseTo(chain, within(tolerance * chain));
          double bound = expected.doubles("cfg" + i + ".nll_mc")[0];
          IndependentMaskBound estimator = new IndependentMaskBound(network, config, sampler);
          assertThat(bound(estimator, expected, "cfg" + i, tokens, config.maskId()))
              .isCloseTo(bound, within(tolerance * bound));
        }
      }
    }
  }

  private static double bound(
      IndependentMaskBound estimator,
      Safetensors expected,
      String result,
      int[] tokens,
      int maskId) {
    RecordedCanvases noisy = RecordedCanvases.read(expected, result + ".noisy");
    float[] probabilities = expected.floats(result + ".p");
    double sum = 0;
    for (int draw = 0; draw < probabilities.length; draw++) {
      BitSet masked = new BitSet();
      int[] positions = noisy.masked(draw / noisy.rows(), draw % noisy.rows(), maskId);
      Arrays.stream(positions).forEach(masked::set);
      sum += Arrays.stream(estimator.estimate(tokens, masked, probabilities[draw])).sum();
    }
    return sum / probabilities.length;
  }

  private static KvCache network(Backbone backbone, int prompt, double guidance) {
    if (guidance == 0) {
      return new NoCache(backbone, new AttentionLayout.Full(), 0);
    }
    BitSet given = new BitSet();
    given.set(0, prompt);
    return new GuidedCache(
        new NoCache(backbone, new AttentionLayout.Full(), 0),
        new NoCache(backbone, new AttentionLayout.Full(), 0),
        given,
        backbone.config().maskId(),
        guidance);
  }

  private static int[] ints(Safetensors expected, String tensor) {
    return Arrays.stream(expected.longs(tensor)).mapToInt(Math::toIntExact).toArray();
  }
}
