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
import dev.unmask.lm.family.llada.LladaConfig;
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

/** LLaDA's published Monte Carlo likelihood, from the recorded masks. */
@ReproducesKinds("llada/log_likelihood")
@Covers(
    method = "llada",
    parts = {Part.SCORE})
class LladaLikelihoodFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesTheLikelihood() {
    return FixtureCase.ofKinds("llada", "llada/log_likelihood")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compare(fixture)));
  }

  private static void compare(FixtureCase fixture) {
    ModelDirectory directory = ModelDirectory.at(fixture.directory());
    BackboneConfig config = LladaConfig.read(directory.config());
    try (Backbone backbone = BackboneLoader.open(directory, config, PrecisionChoice.F32);
        TokenSampler sampler = TokenSampler.of(config.vocabulary(), -1);
        Safetensors expected = fixture.expected()) {
      JsonArray results = fixture.params().getAsJsonArray("results");
      for (int i = 0; i < results.size(); i++) {
        JsonObject result = results.get(i).getAsJsonObject();
        double published = expected.doubles("cfg" + i + ".log_likelihood")[0];
        assertThat(result.get("value").getAsDouble()).isCloseTo(published, within(1e-9));
        int[] prompt = ints(expected, "prompt");
        double guidance = result.get("cfg_scale").getAsDouble();
        try (KvCache network = network(backbone, prompt.length, guidance)) {
          MaskedEstimate estimate = new MaskedEstimate(network, config.maskId(), sampler);
          double tolerance =
              fixture.tolerance("abs") + fixture.tolerance("rel") * Math.abs(published);
          assertThat(-bound(estimate, expected, "cfg" + i, prompt))
              .isCloseTo(published, within(tolerance));
        }
      }
    }
  }

  private static double bound(
      MaskedEstimate estimate, Safetensors expected, String result, int[] prompt) {
    int[] answer = ints(expected, "answer");
    int[] tokens = IntStream.concat(IntStream.of(prompt), IntStream.of(answer)).toArray();
    RecordedCanvases noisy = RecordedCanvases.read(expected, result + ".noisy");
    float[] ratios = expected.floats(result + ".ratio");
    double sum = 0;
    for (int draw = 0; draw < ratios.length; draw++) {
      int[] canvas = noisy.ids()[draw / noisy.rows()][draw % noisy.rows()];
      BitSet masked = new BitSet();
      for (int at = 0; at < canvas.length; at++) {
        masked.set(at, canvas[at] == estimate.maskId());
      }
      assertThat((double) masked.cardinality() / answer.length)
          .isCloseTo(ratios[draw], within(1e-6));
      sum += Arrays.stream(estimate.of(tokens, masked, ratios[draw])).sum();
    }
    return sum / ratios.length;
  }

  private static KvCache network(Backbone backbone, int prompt, double guidance) {
    KvCache plain = new NoCache(backbone, new AttentionLayout.Full(), 0);
    if (guidance == 0) {
      return plain;
    }
    BitSet given = new BitSet();
    given.set(0, prompt);
    KvCache unconditional = new NoCache(backbone, new AttentionLayout.Full(), 0);
    return new GuidedCache(plain, unconditional, given, backbone.config().maskId(), guidance);
  }

  private static int[] ints(Safetensors expected, String tensor) {
    return Arrays.stream(expected.longs(tensor)).mapToInt(Math::toIntExact).toArray();
  }
}
