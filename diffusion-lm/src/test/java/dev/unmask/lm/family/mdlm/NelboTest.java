package dev.unmask.lm.family.mdlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.family.mdlm.Nelbo.Place;
import dev.unmask.lm.family.mdlm.Nelbo.Timing;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Covers(
    method = "mdlm",
    parts = {Part.TRAIN})
class NelboTest {
  /** P(00), P(01), P(10), P(11). */
  private static final double[] JOINT = {.4, .1, .2, .3};

  private static final int POINTS = 20_000;

  static Stream<Nelbo> bounds() {
    return Stream.of(
        new Nelbo(),
        new Nelbo(new NoiseSchedule.Cosine(1e-3, 1), new Timing.Continuous()),
        new Nelbo(new NoiseSchedule.Cosine(1e-3, 2), new Timing.Continuous()),
        new Nelbo(new NoiseSchedule.LogLinear(), new Timing.Discrete(200)),
        new Nelbo(new NoiseSchedule.LogLinear(), new Timing.ImportanceSampled()),
        new Nelbo(new NoiseSchedule.LogLinear(), new Timing.ChangeOfVariables()));
  }

  /** With the true conditionals every schedule and timing gives -log p(x), but for cut-off ends. */
  @ParameterizedTest
  @MethodSource("bounds")
  void isTheNegativeLogLikelihoodOfATrueNetwork(Nelbo nelbo) {
    for (int x = 0; x < JOINT.length; x++) {
      double tolerance = nelbo.timing() instanceof Timing.Continuous ? .006 : .012;
      assertThat(expectedLoss(nelbo, x)).isCloseTo(-Math.log(JOINT[x]), within(tolerance));
    }
  }

  @Test
  void isSlightlyLowBecauseTheLastTokensAreNeverAllMasked() {
    assertThat(expectedLoss(new Nelbo(), 0)).isCloseTo(0.9153741537, within(1e-7));
  }

  /** Expectation over time and masks of the loss of sequence x, summed over its two tokens. */
  private static double expectedLoss(Nelbo nelbo, int x) {
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
      Place place = nelbo.place((i + .5) / POINTS);
      double p = place.maskProbability();
      double one = crossEntropy(x, 0b01) + crossEntropy(x, 0b10);
      double both = crossEntropy(x, 0b11);
      sum += place.weight() * (p * (1 - p) * one + p * p * both) / POINTS;
    }
    return sum;
  }

  /** Sum over the masked positions of -log P(token | the others), the first token bit 1. */
  private static double crossEntropy(int x, int masked) {
    double nats = 0;
    for (int bit : new int[] {0b01, 0b10}) {
      if ((masked & bit) != 0) {
        double given = total(y -> (y & ~masked) == (x & ~masked) ? JOINT[y] : 0);
        double right =
            total(y -> (y & ~masked) == (x & ~masked) && (y & bit) == (x & bit) ? JOINT[y] : 0);
        nats -= Math.log(right / given);
      }
    }
    return nats;
  }

  private static double total(IntToDoubleFunction values) {
    double sum = 0;
    for (int y = 0; y < JOINT.length; y++) {
      sum += values.applyAsDouble(y);
    }
    return sum;
  }

  @Test
  void weighsEveryMaskedTokenByTheTimeOfItsSequence() {
    int[][] clean = new int[4][16];
    for (int[] row : clean) {
      Arrays.setAll(row, i -> i % 5);
    }

    ScoredBatch batch = new Nelbo().batch(clean, 9, KeyedRandom.of(3));

    for (int i = 0; i < batch.rows().length; i++) {
      int row = batch.rows()[i];
      assertThat(batch.ids()[row]).isEqualTo(9);
      assertThat(batch.targets()[i]).isEqualTo(clean[row / 16][row % 16]);
      double t = -Math.expm1(-batch.totalNoise()[row / 16]) / (1 - 1e-3);
      assertThat((double) batch.weights()[i]).isCloseTo(1 / t / 64, within(1e-6 / t));
    }
    assertThat(Arrays.stream(batch.ids()).filter(id -> id == 9).count())
        .isEqualTo(batch.rows().length);
  }
}
