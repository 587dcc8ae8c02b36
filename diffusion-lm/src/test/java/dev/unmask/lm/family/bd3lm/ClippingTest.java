package dev.unmask.lm.family.bd3lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.toys.TabularJoint;
import dev.unmask.lm.toys.TabularLoss;
import dev.unmask.lm.toys.Toys;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which mask probabilities a block size trains with. */
@Covers(
    method = "bd3lm",
    parts = {Part.TRAIN})
class ClippingTest {
  private static final int V = 2;
  private static final int[] SEQUENCE = {1, 0, 0, 1};

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "2, 0.45, 0.95",
    "4, 0.45, 0.95",
    "8, 0.3, 0.8",
    "16, 0.3, 0.8",
    "32, 0.001, 0.5",
    "128, 0.001, 0.5",
    "256, 0.001, 1",
    "1024, 0.001, 1"
  })
  void theFoundIntervalsAreThoseOfThePaper(int blockSize, double low, double high) {
    assertThat(Clipping.found(blockSize)).isEqualTo(new Clipping(low, high));
  }

  /** As in the paper's search, the loss of a trained network under it varies least. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void theFoundIntervalLowersTheVarianceOfTheLoss(int blockSize) {
    ClippedBlockDiffusion bound = new ClippedBlockDiffusion(blockSize);
    double found = variance(bound.withClipping(Clipping.found(blockSize)));
    assertThat(found).isLessThan(variance(bound) / 2);
  }

  /** Every token is masked, and the loss is the likelihood whatever is drawn. */
  @Test
  void blocksOfOneTokenLeaveNoVariance() {
    TabularJoint joint = Toys.joint(SEQUENCE.length, V, 4);
    ClippedBlockDiffusion objective = new ClippedBlockDiffusion(1).withClipping(Clipping.found(1));
    for (int seed = 0; seed < 20; seed++) {
      double nats = SEQUENCE.length * TabularLoss.of(batch(objective, seed), joint);
      assertThat(nats).isCloseTo(-Math.log(joint.marginal(SEQUENCE)), within(1e-6));
    }
  }

  @Test
  void anIntervalOutOfRangeIsRefused() {
    for (double[] wrong : new double[][] {{0, 1}, {0.6, 0.5}, {0.5, 1.1}}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Clipping(wrong[0], wrong[1]))
          .withMessageContaining("0 < low <= high <= 1");
    }
  }

  private static double variance(ClippedBlockDiffusion objective) {
    TabularJoint joint = Toys.joint(SEQUENCE.length, V, 4);
    double[] nats = new double[4_000];
    Arrays.setAll(nats, seed -> TabularLoss.of(batch(objective, seed), joint));
    double mean = Arrays.stream(nats).average().orElseThrow();
    return Arrays.stream(nats).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
  }

  private static ScoredBatch batch(ClippedBlockDiffusion objective, int seed) {
    return objective.batch(new int[][] {SEQUENCE}, V, KeyedRandom.of(seed));
  }
}
