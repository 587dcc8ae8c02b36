package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopKMarginTest extends DecodingPolicyContract {
  @Override
  DecodingPolicy policy() {
    return new TopKMargin(2);
  }

  @Test
  void ranksByTheLeadOverTheRunnerUpNotByConfidence() {
    Candidates candidates =
        new Candidates(
            new int[3], new double[] {.52, .5, .4}, new double[3], new double[] {.04, .3, .25});

    assertThat(policy().select(candidates, allMasked(3)).stream()).containsExactly(1, 2);
  }
}
