package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.FilteredSampler.Filter;
import dev.unmask.lm.decoding.FilteredSampler.Scoring;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.RankedReveals.Score;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.TensorScope;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens and scores of Dream's published sampling function. */
@ReproducesKinds("dream/sample_tokens")
@Covers(
    method = "dream",
    parts = {Part.SAMPLE})
class DreamSamplingFixturesTest {
  static Stream<FixtureCase> cases() {
    return FixtureCase.ofKinds("dream", "dream/sample_tokens");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reproducesTokensAndScoresBehindEveryFilter(FixtureCase fixture) {
    try (Safetensors expected = fixture.expected();
        TensorScope scope = TensorScope.open()) {
      int rows = expected.info("logits").shape().get(0).intValue();
      int columns = expected.info("logits").shape().get(1).intValue();
      NDArray logits = scope.floats(expected.floats("logits"), rows, columns);
      try (FilteredSampler sampler = FilteredSampler.withoutMask(columns)) {
        for (JsonElement run : fixture.json().getAsJsonArray("runs")) {
          compare(fixture, expected, sampler, logits, run.getAsJsonObject());
        }
      }
    }
  }

  private static void compare(
      FixtureCase fixture,
      Safetensors expected,
      FilteredSampler sampler,
      NDArray logits,
      JsonObject run) {
    String set = "set" + run.get("set").getAsInt() + ".";
    double tolerance = fixture.tolerance("abs");
    Filter filter =
        new Filter(
            0,
            run.get("top_p").isJsonNull() ? 1 : run.get("top_p").getAsDouble(),
            run.get("top_k").isJsonNull() ? 0 : run.get("top_k").getAsInt());
    long[] tokens = expected.longs(set + "token");

    Candidates candidates =
        sampler.by(filter, Scoring.FILTERED).draw(logits, new double[tokens.length], true);

    assertThat(candidates.tokens())
        .isEqualTo(java.util.Arrays.stream(tokens).mapToInt(Math::toIntExact).toArray());
    close(Score.CONFIDENCE.of(candidates), expected.floats(set + "maskgit_plus"), tolerance);
    close(Score.MARGIN.of(candidates), expected.floats(set + "topk_margin"), tolerance);
    close(Score.NEGATIVE_ENTROPY.of(candidates), expected.floats(set + "entropy"), tolerance);
    close(sampler.probabilities(logits, filter), expected.floats(set + "probs"), tolerance);
  }

  private static void close(double[] actual, float[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(tolerance));
    }
  }
}
