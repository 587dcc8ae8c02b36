package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class LeftToRightTest extends DecodingPolicyContract {
  @Override
  DecodingPolicy policy() {
    return new LeftToRight(2);
  }

  @Test
  void takesTheMaskedPositionsOfAWindowThatBeginsAtTheFirst() {
    BitSet masked = BitSet.valueOf(new long[] {0b101100});

    BitSet chosen = new LeftToRight(4).select(Candidates.ofConfidence(new double[6]), masked);

    assertThat(chosen.stream()).containsExactly(2, 3, 5);
  }
}
