package dev.unmask.lm.toys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.decoding.CanvasModel;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.FilteredSampler.Scoring;
import dev.unmask.lm.decoding.policy.IndependentReveals;
import dev.unmask.lm.decoding.policy.RevealGrid;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reverse process over a whole canvas (algorithm "origin" of SMDM and Dream). */
@Covers(
    method = "smdm",
    parts = {Part.SAMPLE})
@Covers(
    method = "dream",
    parts = {Part.SAMPLE})
class RevealSamplersTest {
  private static final int DRAWS = 3_000;
  private static final TabularJoint TRIPLE = Toys.dependent(3, 3, 5);
  private static final TabularJoint PAIR = Toys.dependent(2, 3, 6);

  @ParameterizedTest
  @CsvSource({"1,0.001,false", "3,0.001,false", "3,0.1,true", "8,0.001,false"})
  void smdmRevealsTheSharesOfItsGrid(int steps, double eps, boolean idleSteps) {
    RevealGrid grid = new RevealGrid(steps, eps);
    try (CanvasModel model = smdm(TRIPLE)) {
      DecodeSettings settings =
          TabularModels.settings(TRIPLE, 3, new IndependentReveals(grid, idleSteps));
      Frequencies.expect(expected(TRIPLE, grid), 3, DRAWS, TabularModels.answers(model, settings));
    }
  }

  @ParameterizedTest
  @CsvSource({"1,0.001", "3,0.1", "8,0.001"})
  void dreamRevealsTheSharesOfItsGridWithPredictionsOneRowToTheLeft(int steps, double eps) {
    RevealGrid grid = new RevealGrid(steps, eps);
    try (CanvasModel model = dream(TRIPLE)) {
      DecodeSettings settings =
          TabularModels.settings(TRIPLE, 3, new IndependentReveals(grid, false));
      Frequencies.expect(
          expected(TRIPLE, grid), 3, DRAWS, TabularModels.answers(model, settings, 0));
    }
  }

  /** With a last time of 0 the distance to the data is that of one step divided by the steps. */
  @Test
  void stepsConvergeToTheDataInProportionToTheirNumber() {
    double one = distance(1);
    assertThat(one).isGreaterThan(0.05);
    for (int steps : new int[] {2, 8, 64, 512}) {
      assertThat(distance(steps)).isCloseTo(one / steps, within(1e-5));
    }
  }

  @Test
  void manyStepsDrawTheDataItself() {
    IndependentReveals policy = new IndependentReveals(new RevealGrid(512, 0), false);
    try (CanvasModel smdm = smdm(PAIR);
        CanvasModel dream = dream(PAIR)) {
      DecodeSettings settings = TabularModels.settings(PAIR, 2, policy);
      Frequencies.expect(PAIR.probabilities(), 3, 2_000, TabularModels.answers(smdm, settings));
      Frequencies.expect(PAIR.probabilities(), 3, 2_000, TabularModels.answers(dream, settings, 0));
    }
  }

  private static double distance(int steps) {
    return Frequencies.distance(expected(PAIR, new RevealGrid(steps, 0)), PAIR.probabilities());
  }

  private static double[] expected(TabularNetwork network, RevealGrid grid) {
    double[] shares = new double[grid.steps()];
    Arrays.setAll(shares, grid::share);
    return new ExactSampling(network).reveals(shares);
  }

  private static CanvasModel smdm(TabularNetwork network) {
    return new CanvasModel(
        TabularModels.generator(TabularModels.aligned(network, 0), network),
        Scoring.UNSCALED,
        List.of());
  }

  private static CanvasModel dream(TabularNetwork network) {
    return new CanvasModel(
        TabularModels.generator(TabularModels.shifted(network, 0), network),
        Scoring.FILTERED,
        List.of());
  }
}
