package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.unmask.lm.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfidenceThresholdTest extends DecodingPolicyContract {
  @Override
  DecodingPolicy policy() {
    return new ConfidenceThreshold(0.7);
  }

  @Test
  void takesEveryPositionThatReachesTheThreshold() {
    assertThat(count(.7, .69, .9)).isEqualTo(2);
    assertThat(count(.1, .69, .2)).isEqualTo(1);
  }

  @Test
  void takesOneTokenAStepAtThresholdOneUnlessTheModelIsCertain() {
    DecodingPolicy one = new ConfidenceThreshold(1);

    assertThat(one.select(Candidates.ofConfidence(.9, .99, .98), allMasked(3)).cardinality())
        .isEqualTo(1);
    assertThat(one.select(Candidates.ofConfidence(1, .99, 1), allMasked(3)).cardinality())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void takesNoFewerAtALowerThreshold(long seed) {
    Candidates candidates = candidates(KeyedRandom.of(seed), 12);
    int last = 12;
    for (double threshold = 0.05; threshold <= 1; threshold += 0.05) {
      int taken =
          new ConfidenceThreshold(threshold).select(candidates, allMasked(12)).cardinality();
      assertThat(taken).isLessThanOrEqualTo(last);
      last = taken;
    }
  }

  @Test
  void refusesAThresholdThatIsNoProbability() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ConfidenceThreshold(1.5))
        .withMessage("threshold must be in (0, 1], was 1.5");
    assertThatIllegalArgumentException().isThrownBy(() -> new ConfidenceThreshold(Double.NaN));
  }
}
