package dev.unmask.lm.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Covers(
    method = "smdm",
    parts = {Part.TRAIN})
@Covers(
    method = "llada",
    parts = {Part.TRAIN})
class LinearMaskingTest {
  private static final int MASK = 1000;
  private static final int[][] CLEAN = {
    IntStream.range(0, 50).toArray(), IntStream.range(50, 100).toArray()
  };

  @Test
  void theProbabilityNeverFallsBelowOneInAThousand() {
    assertThat(LinearMasking.maskProbability(0)).isEqualTo(1e-3);
    assertThat(LinearMasking.maskProbability(1)).isEqualTo(1);
    assertThat(LinearMasking.maskProbability(0.5)).isCloseTo(0.5005, within(1e-12));
  }

  @Test
  void everyTokenCountsOnceOnAverage() {
    LinearMasking objective = new LinearMasking(Alignment.SAME_POSITION, 0);
    KeyedRandom random = KeyedRandom.of(2);
    double sum = 0;
    int batches = 4000;
    for (int batch = 0; batch < batches; batch++) {
      for (float weight : objective.batch(CLEAN, MASK, random.split(batch)).weights()) {
        sum += weight;
      }
    }
    assertThat(sum / batches).isCloseTo(1, within(0.02));
  }

  @Test
  void scoresExactlyTheMaskedTokens() {
    ScoredBatch batch =
        new LinearMasking(Alignment.SAME_POSITION, 0).batch(CLEAN, MASK, KeyedRandom.of(5));

    int[] flat = Arrays.stream(CLEAN).flatMapToInt(Arrays::stream).toArray();
    int[] masked = IntStream.range(0, flat.length).filter(i -> batch.ids()[i] == MASK).toArray();
    assertThat(batch.rows()).isEqualTo(masked);
    assertThat(batch.targets()).isEqualTo(IntStream.of(masked).map(i -> flat[i]).toArray());
  }

  @Test
  void shiftedPredictionsStandOneRowToTheLeft() {
    ScoredBatch batch =
        new LinearMasking(Alignment.SHIFTED, 0).batch(CLEAN, MASK, KeyedRandom.of(5));

    int[] predicted = IntStream.of(batch.rows()).map(row -> row + 1).toArray();
    assertThat(IntStream.of(predicted)).allMatch(i -> batch.ids()[i] == MASK && i % 50 != 0);
  }

  @Test
  void cutsTheGivenShareOfTheBatches() {
    LinearMasking objective = new LinearMasking(Alignment.SAME_POSITION, 0.25);
    KeyedRandom random = KeyedRandom.of(9);
    int cut = 0;
    for (int batch = 0; batch < 2000; batch++) {
      int columns = objective.batch(CLEAN, MASK, random.split(batch)).columns();
      assertThat(columns).isBetween(1, 50);
      cut += columns < 50 ? 1 : 0;
    }
    assertThat(cut / 2000.0).isCloseTo(0.25 * 49 / 50, within(0.03));
  }

  @Test
  void refusesAShareThatIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LinearMasking(Alignment.SHIFTED, 1.5))
        .withMessageContaining("shortened");
  }
}
