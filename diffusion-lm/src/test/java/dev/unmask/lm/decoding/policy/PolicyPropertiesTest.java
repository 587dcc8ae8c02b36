package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What choosing by confidence or entropy has in common over random states of a block. */
class PolicyPropertiesTest {
  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /** Settings from cautious to bold; each decides on one and the same state. */
  private record Ladder(DoubleFunction<DecodingPolicy> policy, double... settings) {}

  private static final List<Ladder> CAUTIOUS_TO_BOLD =
      List.of(
          new Ladder(ConfidenceThreshold::new, 1, 0.9, 0.7, 0.4, 0.1, 1e-12),
          new Ladder(ConfidenceAbove::new, 1, 0.9, 0.7, 0.4, 0.1, 1e-12),
          new Ladder(Factor::new, 0.01, 0.3, 1, 2, 5, 30),
          new Ladder(EntropyBound::new, 0, 0.1, 0.5, 2, 6, 1_000),
          new Ladder(tokens -> new FixedTokensPerStep((int) tokens), 1, 2, 3, 8, 24));

  @ParameterizedTest
  @MethodSource("seeds")
  void aBolderSettingTakesNoFewerTokensOfTheSameState(long seed) {
    State state = State.random(seed);
    for (Ladder ladder : CAUTIOUS_TO_BOLD) {
      BitSet before = new BitSet();
      for (double setting : ladder.settings()) {
        BitSet chosen = ladder.policy().apply(setting).select(state.candidates(), state.masked());
        before.andNot(chosen);
        assertThat(before.isEmpty()).as("%s keeps what was taken", ladder).isTrue();
        before = chosen;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theMostCautiousSettingTakesOneTokenAndTheBoldestAll(long seed) {
    State state = State.random(seed);
    for (Ladder ladder : CAUTIOUS_TO_BOLD) {
      double[] settings = ladder.settings();
      assertThat(state.taken(ladder.policy().apply(settings[0]))).hasSize(1);
      assertThat(state.taken(ladder.policy().apply(settings[settings.length - 1])))
          .hasSize(state.masked().cardinality());
    }
  }

  /** One position more would reach the bound; one alone may exceed it. */
  @ParameterizedTest
  @MethodSource("seeds")
  void theEntropiesTakenStayBelowTheBoundAndNoMoreFit(long seed) {
    State state = State.random(seed);
    double[] entropy = state.candidates().entropy();
    for (double bound : new double[] {0.05, 0.3, 1, 4}) {
      int[] taken = state.taken(new EntropyBound(bound));
      double sum = Arrays.stream(taken).mapToDouble(i -> entropy[i]).sum();
      BitSet left = (BitSet) state.masked().clone();
      Arrays.stream(taken).forEach(left::clear);
      double next = left.stream().mapToDouble(i -> entropy[i]).min().orElse(Double.MAX_VALUE);

      assertThat(taken.length == 1 || sum < bound).isTrue();
      assertThat(sum + next).isGreaterThanOrEqualTo(bound);
      assertThat(Arrays.stream(taken).allMatch(i -> entropy[i] <= next)).isTrue();
    }
  }

  /** The n-th of those taken satisfies (n + 1) (1 - its confidence) below the factor. */
  @ParameterizedTest
  @MethodSource("seeds")
  void theFactorRuleHoldsOfTheLastTokenItTakesAndNotOfTheNext(long seed) {
    State state = State.random(seed);
    double[] ranked =
        state.masked().stream()
            .mapToDouble(i -> -state.candidates().confidence()[i])
            .sorted()
            .map(x -> -x)
            .toArray();
    for (double factor : new double[] {0.5, 1, 2}) {
      int n = state.taken(new Factor(factor)).length;
      assertThat(n == 1 || (n + 1) * (1 - ranked[n - 1]) < factor).isTrue();
      assertThat(n == ranked.length || (n + 2) * (1 - ranked[n]) >= factor).isTrue();
    }
  }

  /** What a step of the ratio rule reveals follows from the times alone and is all in the end. */
  @Test
  void theRatioRuleRevealsEverythingWhateverTheGrid() {
    for (int masked = 1; masked <= 40; masked++) {
      for (int steps = 1; steps <= 20; steps++) {
        RevealGrid grid = new RevealGrid(steps, 1e-3);
        int left = masked;
        for (int step = 0; step < steps; step++) {
          int count = grid.count(left, step);
          assertThat(count).isBetween(0, left);
          left -= count;
        }
        assertThat(left).isZero();
      }
    }
  }

  /** A block in work. */
  private record State(Candidates candidates, BitSet masked) {
    static State random(long seed) {
      KeyedRandom random = KeyedRandom.of(seed);
      int positions = 1 + random.nextInt(24, 1);
      return new State(
          DecodingPolicyContract.candidates(random, positions),
          DecodingPolicyContract.masked(random, positions));
    }

    int[] taken(DecodingPolicy policy) {
      return policy.select(candidates, masked).stream().toArray();
    }
  }
}
