package dev.unmask.lm.family.dream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Covers(
    method = "dream",
    parts = {Part.TRAIN})
class ContextAdaptiveDenoisingTest {
  private static final int MASK = 99;

  @Test
  void weighsAMaskedTokenByTheVisibleOnesNearIt() {
    BitSet masked = new BitSet();
    masked.set(1);
    masked.set(2);
    masked.set(4);

    assertThat(new ContextAdaptiveDenoising().weights(masked, 5))
        .containsExactly(new double[] {0, .255, .255, 0, .20145}, within(1e-12));
  }

  @Test
  void theWeightsAreTheSumOverAllVisibleTokens() {
    KeyedRandom random = KeyedRandom.of(3);
    int length = 40;
    BitSet masked = new BitSet();
    IntStream.range(0, length).forEach(i -> masked.set(i, random.uniform(i) < 0.6));
    double[] weights = new ContextAdaptiveDenoising(0.2).weights(masked, length);

    for (int i = 0; i < length; i++) {
      double sum = 0;
      for (int j = 0; j < length; j++) {
        if (!masked.get(j) && masked.get(i)) {
          sum += 0.5 * 0.2 * Math.pow(0.8, Math.abs(i - j) - 1);
        }
      }
      assertThat(weights[i]).isCloseTo(sum, within(1e-12));
    }
  }

  @Test
  void theTokenBeforeAMaskedOnePredictsIt() {
    int[][] clean = {IntStream.range(0, 30).toArray(), IntStream.range(30, 60).toArray()};

    ScoredBatch batch = new ContextAdaptiveDenoising().batch(clean, MASK, KeyedRandom.of(1));

    int[] flat = Arrays.stream(clean).flatMapToInt(Arrays::stream).toArray();
    assertThat(batch.rows().length).isPositive();
    for (int i = 0; i < batch.rows().length; i++) {
      int predicted = batch.rows()[i] + 1;
      assertThat(batch.ids()[predicted]).isEqualTo(MASK);
      assertThat(batch.targets()[i]).isEqualTo(flat[predicted]);
      assertThat(predicted % 30).as("the first token is never masked").isNotZero();
    }
  }
}
