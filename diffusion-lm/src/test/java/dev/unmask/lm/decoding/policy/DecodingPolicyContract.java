package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every decoding policy promises; each variant extends it. */
abstract class DecodingPolicyContract {
  abstract DecodingPolicy policy();

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void choosesANonEmptySubsetOfTheMaskedPositions(long seed) {
    KeyedRandom random = KeyedRandom.of(seed);
    Candidates candidates = candidates(random, 1 + random.nextInt(24, 1));
    BitSet masked = masked(random, candidates.positions());
    BitSet before = (BitSet) masked.clone();

    BitSet chosen = policy().select(candidates, masked);

    assertThat(chosen.isEmpty()).isFalse();
    assertThat(masked).isEqualTo(before);
    chosen.andNot(masked);
    assertThat(chosen.isEmpty()).as("chosen positions that were not masked").isTrue();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void emptiesAnyBlockInAtMostAsManyStepsAsItHasMaskedPositions(long seed) {
    KeyedRandom random = KeyedRandom.of(seed).split("block");
    int positions = 1 + random.nextInt(24, 1);
    BitSet masked = masked(random, positions);
    int limit = masked.cardinality();
    int steps = 0;
    while (!masked.isEmpty()) {
      masked.andNot(policy().select(candidates(random.split(steps), positions), masked));
      steps++;
    }

    assertThat(steps).isLessThanOrEqualTo(limit);
  }

  @Test
  void givesTiesToTheLowestPosition() {
    BitSet masked = new BitSet();
    masked.set(2, 6);
    Candidates equal = new Candidates(new int[8], filled(0.01), filled(3), filled(0.01));

    BitSet chosen = policy().select(equal, masked);

    assertThat(chosen.nextSetBit(0)).isEqualTo(2);
    assertThat(chosen.nextClearBit(2)).isEqualTo(2 + chosen.cardinality());
  }

  @Test
  void refusesABlockWithoutMaskedPositions() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> policy().select(Candidates.ofConfidence(0.5), new BitSet()))
        .withMessage("no position is masked");
  }

  static Candidates candidates(KeyedRandom random, int positions) {
    double[][] scores = new double[3][positions];
    for (int i = 0; i < positions; i++) {
      scores[0][i] = random.uniform(10, i);
      scores[1][i] = -Math.log(random.uniform(11, i));
      scores[2][i] = scores[0][i] * random.uniform(12, i);
    }
    return new Candidates(new int[positions], scores[0], scores[1], scores[2]);
  }

  static BitSet masked(KeyedRandom random, int positions) {
    BitSet masked = new BitSet();
    masked.set(random.nextInt(positions, 20));
    for (int i = 0; i < positions; i++) {
      if (random.uniform(21, i) < 0.6) {
        masked.set(i);
      }
    }
    return masked;
  }

  private static double[] filled(double value) {
    double[] values = new double[8];
    Arrays.fill(values, value);
    return values;
  }

  static BitSet allMasked(int positions) {
    BitSet masked = new BitSet();
    masked.set(0, positions);
    return masked;
  }

  int count(double... confidence) {
    return policy()
        .select(Candidates.ofConfidence(confidence), allMasked(confidence.length))
        .cardinality();
  }
}
