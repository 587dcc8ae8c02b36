package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EntropyBoundTest extends DecodingPolicyContract {
  @Override
  DecodingPolicy policy() {
    return new EntropyBound(0.35);
  }

  @Test
  void takesTheSurestPositionsWhileTheirEntropiesStayBelowTheBound() {
    assertThat(chosen(.35, .3, .05, .1, .6)).containsExactly(1, 2);
    assertThat(chosen(.2, .3, .05, .1, .6)).containsExactly(1, 2);
    assertThat(chosen(.1, .3, .05, .1, .6)).containsExactly(1);
    assertThat(chosen(.01, .3, .05, .1, .6)).containsExactly(1);
    assertThat(chosen(5, .1, .1)).containsExactly(0, 1);
    assertThat(chosen(0, .1, .1)).containsExactly(0);
    assertThat(chosen(Double.POSITIVE_INFINITY, 3, 4, 5)).containsExactly(0, 1, 2);
  }

  private static int[] chosen(double bound, double... entropy) {
    int n = entropy.length;
    Candidates candidates = new Candidates(new int[n], new double[n], entropy, new double[n]);
    return new EntropyBound(bound).select(candidates, allMasked(n)).stream().toArray();
  }
}
