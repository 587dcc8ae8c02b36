package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.decoding.policy.RevealPolicy.Reveals;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CarriedQuotaTest extends DecodingPolicyContract {
  @Override
  DecodingPolicy policy() {
    return new CarriedQuota(3, 0.7, false);
  }

  @Test
  void carriesWhatIsNotConfidentEnoughToTheNextStep() {
    Reveals reveals = new CarriedQuota(2, 0.5, false).begin(4, (s, p) -> .5);

    assertThat(select(reveals, 0, .9, .4, .3, .2)).containsExactly(0);
    assertThat(select(reveals, 1, .9, .8, .2)).containsExactly(0, 1);
    assertThat(select(reveals, 2, .1)).containsExactly(0);
  }

  @Test
  void takesTheFirstHoweverUnsure() {
    Reveals reveals = new CarriedQuota(1, 1, false).begin(3, (s, p) -> .5);

    assertThat(select(reveals, 0, .1, .3, .2)).containsExactly(1);
    assertThat(select(reveals, 1, .1, .2)).containsExactly(1);
    assertThat(select(reveals, 2, .1)).containsExactly(0);
  }

  @Test
  void onlyThePublishedCodeLeavesPositionsThatDoNotDivideEvenly() {
    assertThat(left(new CarriedQuota(3, 0.1, false), 8)).isZero();
    assertThat(left(new CarriedQuota(3, 0.1, true), 8)).isEqualTo(2);
    assertThat(left(new CarriedQuota(3, 0.1, true), 9)).isZero();
    assertThat(left(new CarriedQuota(5, 0.1, true), 3)).isEqualTo(3);
  }

  private static int left(CarriedQuota policy, int masked) {
    Reveals reveals = policy.begin(masked, (s, p) -> .5);
    int left = masked;
    for (int step = 0; left > 0 && !reveals.exhausted(step); step++) {
      int[] asked = reveals.asked(IntStream.range(0, left).toArray(), step);
      if (asked.length > 0) {
        double[] confidence = IntStream.of(asked).mapToDouble(i -> .5).toArray();
        left -= select(reveals, step, confidence).length;
      }
    }
    return left;
  }

  private static int[] select(Reveals reveals, int step, double... confidence) {
    int[] asked = IntStream.range(0, confidence.length).toArray();
    return reveals.select(Candidates.ofConfidence(confidence), asked, step).stream().toArray();
  }
}
