package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.TokenSampler.Filter;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.ConfidenceAbove;
import dev.unmask.lm.decoding.policy.ConfidenceAbove.Fallback;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.EntropyBound;
import dev.unmask.lm.decoding.policy.EvenSplit;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.decoding.policy.LeftToRight;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.FixtureCase;
import dev.unmask.lm.testing.ReproducesKinds;
import dev.unmask.lm.torch.TensorScope;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** SDAR's selection rules in the batched form of JetEngine, its shares and its filters. */
@ReproducesKinds("sdar/selection_rules")
@Covers(
    method = "sdar",
    parts = {Part.SAMPLE})
class SdarFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesThePublishedRules() {
    return FixtureCase.ofKinds("sdar", "sdar/selection_rules")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compare(fixture)));
  }

  private static void compare(FixtureCase fixture) {
    try (Safetensors expected = fixture.expected();
        TensorScope scope = TensorScope.open()) {
      SelectionFixture recorded = new SelectionFixture(fixture, expected, scope);
      for (JsonElement element : fixture.params().getAsJsonArray("settings")) {
        JsonObject setting = element.getAsJsonObject();
        if (setting.has("strategy")) {
          recorded.compareRule(setting);
        } else {
          recorded.compareFilter(setting);
        }
      }
      recorded.compareShares();
    }
  }

  /** One recorded case: B blocks of D positions. */
  private static final class SelectionFixture {
    private final Safetensors expected;
    private final TensorScope scope;
    private final double tolerance;
    private final float[] logits;
    private final long[] masked;
    private final int length;
    private final int columns;

    SelectionFixture(FixtureCase fixture, Safetensors expected, TensorScope scope) {
      this.expected = expected;
      this.scope = scope;
      this.tolerance = fixture.tolerance("abs");
      this.logits = expected.floats("logits");
      this.masked = bytes("mask");
      this.length = expected.info("logits").shape().get(1).intValue();
      this.columns = expected.info("logits").shape().get(2).intValue();
    }

    private long[] bytes(String name) {
      var buffer = expected.bytes(name);
      long[] values = new long[buffer.remaining()];
      Arrays.setAll(values, buffer::get);
      return values;
    }

    private int rows() {
      return masked.length;
    }

    /** Any column may win: the recorded code excludes none. */
    private Candidates candidates() {
      try (TokenSampler sampler = TokenSampler.ofEveryToken(columns)) {
        return sampler.draw(scope.floats(logits, rows(), columns), new double[rows()], 0, 1, true);
      }
    }

    void compareRule(JsonObject setting) {
      Candidates all = candidates();
      assertThat(all.confidence()).containsExactly(doubles("probability"), within(tolerance));
      assertThat(all.entropy()).containsExactly(doubles("entropy"), within(tolerance));
      assertThat(Arrays.stream(all.tokens()).asLongStream().toArray())
          .isEqualTo(expected.longs("argmax"));
      DecodingPolicy policy = policy(setting);
      String name = "s" + setting.get("setting").getAsInt();
      long[] transferred = bytes(name);
      for (int from = 0; from < rows(); from += length) {
        BitSet chosen = policy.select(part(all, from), set(masked, from));
        assertThat(chosen)
            .as("%s %s, block at %d", name, setting, from)
            .isEqualTo(set(transferred, from));
      }
    }

    private Candidates part(Candidates all, int from) {
      int to = from + length;
      return new Candidates(
          Arrays.copyOfRange(all.tokens(), from, to),
          Arrays.copyOfRange(all.confidence(), from, to),
          Arrays.copyOfRange(all.entropy(), from, to),
          Arrays.copyOfRange(all.margin(), from, to));
    }

    private BitSet set(long[] flags, int from) {
      BitSet set = new BitSet();
      for (int i = 0; i < length; i++) {
        set.set(i, flags[from + i] != 0);
      }
      return set;
    }

    private double[] doubles(String name) {
      float[] values = expected.floats(name);
      double[] wide = new double[values.length];
      Arrays.setAll(wide, i -> values[i]);
      return wide;
    }

    void compareFilter(JsonObject setting) {
      String prefix = "filter_" + setting.get("filter").getAsString() + ".";
      Filter filter =
          new Filter(
              setting.get("temperature").getAsDouble(),
              setting.get("top_k").getAsInt(),
              setting.get("top_p").getAsDouble());
      double[] probabilities = doubles(prefix + "probs");
      double[] greedy = doubles(prefix + "greedy_prob");
      try (TokenSampler sampler = TokenSampler.ofEveryToken(columns)) {
        double[][] actual = sampler.probabilities(scope.floats(logits, rows(), columns), filter);
        for (int row = 0; row < rows(); row++) {
          assertThat(actual[row])
              .as("%srow %d", prefix, row)
              .containsExactly(
                  Arrays.copyOfRange(probabilities, row * columns, (row + 1) * columns),
                  within(tolerance));
          assertThat(Arrays.stream(actual[row]).max().orElseThrow())
              .isCloseTo(greedy[row], within(tolerance));
        }
      }
    }

    void compareShares() {
      expected.tensors().keySet().stream()
          .filter(name -> name.startsWith("quota."))
          .forEach(
              name -> {
                String[] sizes = name.substring("quota.".length()).split("_");
                int[] shares =
                    EvenSplit.shares(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
                assertThat(Arrays.stream(shares).asLongStream().toArray())
                    .as(name)
                    .isEqualTo(expected.longs(name));
              });
    }
  }

  private static DecodingPolicy policy(JsonObject setting) {
    int quota = setting.get("quota").getAsInt();
    String strategy = setting.get("strategy").getAsString();
    return switch (strategy) {
      case "sequential" -> new LeftToRight(quota);
      case "low_confidence_static" -> new FixedTokensPerStep(quota);
      case "low_confidence_dynamic" ->
          new ConfidenceAbove(setting.get("threshold").getAsDouble(), quota, Fallback.LEFTMOST);
      case "entropy_bounded" -> new EntropyBound(setting.get("eb_threshold").getAsDouble());
      default -> throw new IllegalArgumentException(strategy);
    };
  }
}
