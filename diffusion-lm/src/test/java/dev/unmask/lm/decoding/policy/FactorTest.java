package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FactorTest extends DecodingPolicyContract {
  @Override
  DecodingPolicy policy() {
    return new Factor(1);
  }

  @Test
  void followsThePapersRuleNotThePublishedCodes() {
    assertThat(count(.99, .98, .97)).isEqualTo(3);
    assertThat(count(.9, .6, .5)).isEqualTo(1);
    assertThat(count(.95, .9, .7, .2)).isEqualTo(2);
    assertThat(count(.3)).isEqualTo(1);
    assertThat(count(.9, .5)).isEqualTo(1); // the code: 2
    assertThat(count(.99, .99, .99, .99, .1)).isEqualTo(4); // the code: 5
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void takesNoFewerAtALargerFactorAndOneAtATinyOne(long seed) {
    Candidates candidates = candidates(KeyedRandom.of(seed), 12);
    int last = 1;
    for (double factor = 1e-9; factor <= 20; factor = factor * 1.5 + 0.01) {
      int taken = new Factor(factor).select(candidates, allMasked(12)).cardinality();
      assertThat(taken).isGreaterThanOrEqualTo(last);
      last = taken;
    }
    assertThat(last).isEqualTo(12);
  }

  @Test
  void decodesGreedilyInParallelWhatSequentialDecodingGives() {
    for (int seed = 0; seed < 500; seed++) {
      double[][] joint = confidentJoint(KeyedRandom.of(seed));
      double[] first = {joint[0][0] + joint[0][1], joint[1][0] + joint[1][1]};
      double[] second = {joint[0][0] + joint[1][0], joint[0][1] + joint[1][1]};
      double a = Math.max(first[0], first[1]);
      double b = Math.max(second[0], second[1]);
      if (count(a, b) < 2) {
        continue;
      }
      int x = first[0] > first[1] ? 0 : 1;
      int y = second[0] > second[1] ? 0 : 1;

      assertThat(joint[x][y]).as("seed %d", seed).isGreaterThanOrEqualTo(joint[x][1 - y]);
      assertThat(joint[x][y]).as("seed %d", seed).isGreaterThanOrEqualTo(joint[1 - x][y]);
    }
  }

  /** A joint of two tokens whose marginals are mostly confident: P[x][y]. */
  private static double[][] confidentJoint(KeyedRandom random) {
    double[][] joint = new double[2][2];
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      joint[i / 2][i % 2] = random.uniform(i) + (i == 2 ? 4 : 0);
      sum += joint[i / 2][i % 2];
    }
    for (int i = 0; i < 4; i++) {
      joint[i / 2][i % 2] /= sum;
    }
    return joint;
  }
}
