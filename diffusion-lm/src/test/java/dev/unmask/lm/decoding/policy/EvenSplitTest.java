package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EvenSplitTest extends DecodingPolicyContract {
  @Override
  DecodingPolicy policy() {
    return new EvenSplit(new FixedTokensPerStep(1), 4);
  }

  @Test
  void spreadsTheTokensOfABlockEvenlyTheLargerSharesFirst() {
    assertThat(EvenSplit.shares(10, 4)).containsExactly(3, 3, 2, 2);
    assertThat(EvenSplit.shares(7, 3)).containsExactly(3, 2, 2);
    assertThat(EvenSplit.shares(3, 5)).containsExactly(1, 1, 1, 0, 0);
    assertThat(EvenSplit.shares(8, 3)).containsExactly(3, 3, 2);
  }

  @Test
  void sharesSumToTheBlockAndDifferByOneAtMost() {
    for (int tokens = 1; tokens < 40; tokens++) {
      for (int steps = 1; steps < 40; steps++) {
        int[] shares = EvenSplit.shares(tokens, steps);
        assertThat(Arrays.stream(shares).sum()).isEqualTo(tokens);
        assertThat(shares[0] - shares[steps - 1]).isBetween(0, 1);
      }
    }
  }

  @Test
  void givesEachStepItsShareAndOneTokenAtLeast() {
    EvenSplit split = new EvenSplit(new FixedTokensPerStep(1), 3);
    assertThat(split.atStep(0, 8)).isEqualTo(new FixedTokensPerStep(3));
    assertThat(split.atStep(2, 8)).isEqualTo(new FixedTokensPerStep(2));
    assertThat(split.atStep(2, 2)).isEqualTo(new FixedTokensPerStep(1));
    assertThat(split.atStep(9, 8)).isEqualTo(new FixedTokensPerStep(1));
  }
}
