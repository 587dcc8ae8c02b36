package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.decoding.policy.ConfidenceAbove.Fallback;
import org.junit.jupiter.api.Test;

class ConfidenceAboveTest extends DecodingPolicyContract {
  @Override
  DecodingPolicy policy() {
    return new ConfidenceAbove(0.6);
  }

  @Test
  void takesWhatIsMoreConfidentThanTheThreshold() {
    assertThat(chosen(policy(), .7, .6, .61, .2)).containsExactly(0, 2);
  }

  @Test
  void takesOnePositionAStepAtThresholdOneEvenWhereTheNetworkIsCertain() {
    assertThat(chosen(new ConfidenceAbove(1), 1, 1, 1)).containsExactly(0);
  }

  @Test
  void takesTheMostConfidentOnesWhereTooFewAreConfident() {
    DecodingPolicy two = new ConfidenceAbove(0.6, 2, Fallback.MOST_CONFIDENT);
    assertThat(chosen(two, .1, .2, .7, .3)).containsExactly(2, 3);
  }

  @Test
  void takesTheLeftmostOnesInTheBatchedForm() {
    DecodingPolicy two = new ConfidenceAbove(0.6, 2, Fallback.LEFTMOST);
    assertThat(chosen(two, .1, .2, .7, .3)).containsExactly(0, 1);
  }

  private static int[] chosen(DecodingPolicy policy, double... confidence) {
    return policy.select(Candidates.ofConfidence(confidence), allMasked(confidence.length)).stream()
        .toArray();
  }
}
