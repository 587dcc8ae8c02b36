package dev.unmask.lm.family.llada;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.decoding.FilteredSampler;
import dev.unmask.lm.decoding.FilteredSampler.Filter;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.Factor;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
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

/** What Fast-dLLM's published samplers unmask, and the tokens that they draw. */
@ReproducesKinds("llada/selection_rules")
@Covers(
    method = "llada",
    parts = {Part.SAMPLE})
@Covers(
    method = "fast-dllm-v1",
    parts = {Part.SAMPLE})
class LladaSelectionFixturesTest {
  @TestFactory
  Stream<DynamicTest> reproducesEveryRule() {
    return FixtureCase.ofKinds("llada", "llada/selection_rules")
        .map(fixture -> DynamicTest.dynamicTest(fixture.name(), () -> compare(fixture)));
  }

  private static void compare(FixtureCase fixture) {
    try (Safetensors expected = fixture.expected();
        TensorScope scope = TensorScope.open()) {
      long[] shape = expected.info("logits").dimensions();
      int columns = (int) shape[2];
      NDArray logits =
          scope.floats(expected.floats("logits"), (int) (shape[0] * shape[1]), columns);
      try (FilteredSampler sampler = FilteredSampler.withoutMask(columns)) {
        Candidates greedy = sampler.race(logits, new double[0], true, new Filter(0, 1, 0));
        assertThat(greedy.tokens()).isEqualTo(ints(expected, "argmax"));
        assertThat(greedy.confidence())
            .containsExactly(expected.doubles("confidence"), within(1e-12));
        for (String tensor : expected.tensors().keySet()) {
          compare(expected, tensor, sampler, logits, greedy);
        }
      }
    }
  }

  private static void compare(
      Safetensors expected,
      String tensor,
      FilteredSampler sampler,
      NDArray logits,
      Candidates greedy) {
    String prefix = tensor.substring(0, tensor.indexOf('.') + 1);
    String rest = tensor.substring(prefix.length());
    switch (prefix) {
      case "early.", "later.", "clean." -> compareRule(expected, tensor, prefix, rest, greedy);
      case "quota_table." -> compareQuotas(expected, tensor, rest);
      case "gumbel." -> {
        if (rest.startsWith("argmax_T")) {
          double temperature = Double.parseDouble(rest.substring("argmax_T".length()));
          Filter filter = new Filter(temperature, 1, 0);
          assertThat(sampler.race(logits, expected.doubles("gumbel.u"), true, filter).tokens())
              .as(tensor)
              .isEqualTo(ints(expected, tensor));
        }
      }
      default -> {}
    }
  }

  private static void compareRule(
      Safetensors expected, String tensor, String code, String rule, Candidates greedy) {
    long[] transferred = expected.longs(tensor);
    long[] mask = expected.longs("mask");
    int length = (int) expected.info(tensor).dimensions()[1];
    DecodingPolicy policy = policy(code, rule);
    for (int row = 0; row < mask.length / length; row++) {
      BitSet masked = bits(mask, row * length, length);
      Candidates candidates =
          Candidates.ofConfidence(
              Arrays.copyOfRange(greedy.confidence(), row * length, (row + 1) * length));
      assertThat(policy.select(candidates, masked))
          .as("%s, row %d", tensor, row)
          .isEqualTo(bits(transferred, row * length, length));
    }
  }

  private static DecodingPolicy policy(String code, String rule) {
    String number = rule.substring(rule.indexOf('_') + 1);
    return switch (rule.substring(0, rule.indexOf('_'))) {
      case "threshold" -> new ConfidenceThreshold(Double.parseDouble(number));
      case "quota" -> new FixedTokensPerStep(Integer.parseInt(number));
      case "factor" ->
          code.equals("clean.")
              ? new Factor(Double.parseDouble(number))
              : new PublishedFactor(Double.parseDouble(number));
      default -> throw new IllegalArgumentException(rule);
    };
  }

  /** The table, and what is unmasked pass by pass of a block of so many masked positions. */
  private static void compareQuotas(Safetensors expected, String tensor, String numbers) {
    int masked = Integer.parseInt(numbers.substring(0, numbers.indexOf('_')));
    int steps = Integer.parseInt(numbers.substring(numbers.indexOf('_') + 1));
    EvenQuota quota = new EvenQuota(steps);
    int[] shares = ints(expected, tensor);
    assertThat(quota.shares(masked)).as(tensor).isEqualTo(shares);
    int left = masked;
    for (int pass = 0; pass < steps && left > 0; pass++) {
      BitSet all = new BitSet();
      all.set(0, left);
      Candidates equal = Candidates.ofConfidence(new double[left]);
      int unmasked = quota.atStep(pass, masked).select(equal, all).cardinality();
      assertThat(unmasked).as("%s, pass %d", tensor, pass).isEqualTo(shares[pass]);
      left -= unmasked;
    }
    assertThat(left).isZero();
  }

  private static BitSet bits(long[] flags, int from, int length) {
    BitSet bits = new BitSet();
    for (int i = 0; i < length; i++) {
      bits.set(i, flags[from + i] != 0);
    }
    return bits;
  }

  private static int[] ints(Safetensors expected, String tensor) {
    return Arrays.stream(expected.longs(tensor)).mapToInt(Math::toIntExact).toArray();
  }
}
