package dev.unmask.lm.family.bd3lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.objective.AdaptiveObjective.Scorer;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Covers(
    method = "bd3lm",
    parts = {Part.TRAIN})
class SearchedBlockDiffusionTest {
  private static final int MASK = 9;
  private static final int BLOCK = 4;
  private static final int LENGTH = 64;

  private final SearchedBlockDiffusion objective =
      new SearchedBlockDiffusion(
          new ClippedBlockDiffusion(BLOCK), new ClipSearch(List.of(0.5), 0.1), 10, 400);

  private static int[][] clean(int rows) {
    return IntStream.range(0, rows)
        .mapToObj(row -> IntStream.range(0, LENGTH).map(i -> i % 7).toArray())
        .toArray(int[][]::new);
  }

  private Map<String, Double> search(Scorer scorer) {
    return objective.search(clean(400), 50, MASK, scorer, KeyedRandom.of(1));
  }

  /** Cross-entropies that make a block's weighted loss a function of its share of masks. */
  private static Scorer where(DoubleUnaryOperator natsOfShare) {
    return batch -> {
      int[] masked = new int[batch.sequences() * LENGTH / BLOCK];
      Arrays.stream(batch.rows()).forEach(row -> masked[row / BLOCK]++);
      float[] nats = new float[batch.rows().length];
      for (int i = 0; i < nats.length; i++) {
        double share = masked[batch.rows()[i] / BLOCK] / (double) BLOCK;
        nats[i] = (float) natsOfShare.applyAsDouble(share);
      }
      return nats;
    };
  }

  @Test
  void choosesTheIntervalUnderWhichTheLossOfABlockVariesLeast() {
    // Few masks that cost much vary most at low times, full blocks that do at high ones.
    Map<String, Double> rising = search(where(share -> share <= 0.25 ? 10 : 1));
    Map<String, Double> falling = search(where(share -> share == 1 ? 20 : 0));

    assertThat(rising.get("clip_low")).isGreaterThan(0.3);
    assertThat(falling.get("clip_low")).isLessThan(0.1);
    assertThat(falling.get("clip_high")).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void findsWhatDrawsFromEachIntervalFind() {
    Scorer scorer = where(share -> 1 + share);
    Map<String, Double> found = search(scorer);
    ClipSearch.Found separate = objective.intervals().best(interval -> drawn(interval, scorer));

    assertThat(found.get("clip_low")).isCloseTo(separate.clipping().low(), within(1e-9));
    assertThat(found.get("clip_variance")).isCloseTo(separate.variance(), within(0.1));
  }

  /** Mean losses of blocks whose times are drawn from an interval, as training would. */
  private static double[] drawn(Clipping interval, Scorer scorer) {
    ClippedBlockDiffusion clipped = new ClippedBlockDiffusion(BLOCK).withClipping(interval);
    ScoredBatch batch = clipped.batch(clean(400), MASK, KeyedRandom.of(2));
    float[] nats = scorer.nats(batch);
    double[] losses = new double[400 * LENGTH / BLOCK];
    for (int i = 0; i < nats.length; i++) {
      // A batch's weights are divided by all its tokens, a block's mean by its own.
      double weight = batch.weights()[i] * 400.0 * LENGTH / BLOCK;
      losses[batch.rows()[i] / BLOCK] += weight * nats[i];
    }
    return losses;
  }

  @Test
  void drawsAllTimesUntilItHasSearchedAndWhatItFoundAfterwards() {
    Map<String, Double> found = Map.of("clip_low", 0.3, "clip_high", 0.8);
    int[][] clean = clean(4);

    assertThat(objective.adapted(found).clipping()).isEqualTo(new Clipping(0.3, 0.8));
    assertThat(objective.batch(clean, MASK, KeyedRandom.of(3)).ids())
        .isEqualTo(new ClippedBlockDiffusion(BLOCK).batch(clean, MASK, KeyedRandom.of(3)).ids());
    assertThat(objective.validation().clipping()).isEqualTo(Clipping.FULL);
  }

  @Test
  void refusesASearchOfNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SearchedBlockDiffusion(
                    new ClippedBlockDiffusion(BLOCK), new ClipSearch(), 10, 0))
        .withMessageContaining("rows must be positive");
  }
}
