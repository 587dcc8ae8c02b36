package dev.unmask.lm.toys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.decoding.RaddSampler;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.Factor;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** Single draws have the frequencies of their weights, and parallel greedy choices are safe. */
class DrawsTest {
  private static final int DRAWS = 50_000;
  private static final double[] P = {0.5, 0.3, 0.15, 0.05};

  @Test
  void theRaceDrawsInProportionToTheWeights() {
    long[] counts = new long[P.length];
    for (int draw = 0; draw < DRAWS; draw++) {
      counts[RaddSampler.race(P, uniforms(draw))]++;
    }
    assertThat(ChiSquare.pValue(counts, P)).isGreaterThan(1e-3);
  }

  @Test
  void aCommonFactorOfTheWeightsChangesNoDraw() {
    double[] scaled = Arrays.stream(P).map(p -> 7 * p).toArray();
    for (int draw = 0; draw < 1_000; draw++) {
      assertThat(RaddSampler.race(scaled, uniforms(draw)))
          .isEqualTo(RaddSampler.race(P, uniforms(draw)));
    }
  }

  /** Adding Gumbel noise to logarithms is the same race: temperature 1 is the softmax. */
  @Test
  void gumbelNoiseOnLogarithmsDrawsTheSame() {
    long[] counts = new long[P.length];
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] u = uniforms(draw);
      double[] noisy = new double[P.length];
      Arrays.setAll(noisy, v -> Math.log(P[v]) - Math.log(-Math.log(u[v])));
      counts[best(noisy)]++;
    }
    assertThat(ChiSquare.pValue(counts, P)).isGreaterThan(1e-3);
  }

  /** Where (n + 1) (1 - confidence) is below 1, n tokens at once are those one at a time. */
  @Test
  void whatTheFactorRuleDecodesAtOnceIsTheModeOfTheJoint() {
    int atOnce = 0;
    for (int seed = 0; seed < 3_000; seed++) {
      TabularJoint joint = peaked(seed);
      int[] masks = {3, 3};
      double[][] p = joint.conditionals(masks);
      int[] tokens = {best(p[0]), best(p[1])};
      double[] confidence = {p[0][tokens[0]], p[1][tokens[1]]};
      BitSet masked = new BitSet();
      masked.set(0, 2);
      Candidates candidates = new Candidates(tokens, confidence, new double[2], new double[2]);
      if (new Factor(1).select(candidates, masked).cardinality() == 2) {
        atOnce++;
        assertThat(tokens).isEqualTo(sequentially(joint));
        assertThat(TabularNetwork.number(tokens, 3)).isEqualTo(best(joint.probabilities()));
      }
    }
    assertThat(atOnce).isGreaterThan(100);
  }

  private static TabularJoint peaked(int seed) {
    double[] p = Toys.joint(2, 3, seed).probabilities().clone();
    p[seed % 9] += 2;
    double sum = Arrays.stream(p).sum();
    return new TabularJoint(Arrays.stream(p).map(x -> x / sum).toArray(), 2, 3);
  }

  private static int[] sequentially(TabularJoint joint) {
    int[] state = {3, 3};
    double[][] p = joint.conditionals(state);
    int first = p[0][best(p[0])] >= p[1][best(p[1])] ? 0 : 1;
    state[first] = best(p[first]);
    state[1 - first] = best(joint.conditionals(state)[1 - first]);
    return state;
  }

  private static int best(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static double[] uniforms(int draw) {
    double[] u = new double[P.length];
    KeyedRandom random = KeyedRandom.of(3).split(draw);
    Arrays.setAll(u, random::uniform);
    return u;
  }
}
