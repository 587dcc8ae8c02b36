package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class FixedTokensPerStepTest extends DecodingPolicyContract {
  @Override
  DecodingPolicy policy() {
    return new FixedTokensPerStep(3);
  }

  @Test
  void takesTheMostConfidentOfTheMaskedPositions() {
    BitSet masked = allMasked(5);
    masked.clear(1);

    BitSet chosen = policy().select(Candidates.ofConfidence(.2, .99, .5, .4, .3), masked);

    assertThat(chosen.stream()).containsExactly(2, 3, 4);
  }

  @Test
  void takesWhatIsLeftWhenLessIsMasked() {
    assertThat(count(.1, .2)).isEqualTo(2);
  }

  @Test
  void refusesLessThanOneToken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FixedTokensPerStep(0))
        .withMessage("tokensPerStep must be at least 1, was 0");
  }
}
