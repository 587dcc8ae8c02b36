package dev.unmask.lm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingLawTest {
  private static final double[] BUDGETS = {6e18, 1e19, 3e19, 6e19, 1e20};

  @ParameterizedTest
  @CsvSource({
    "6, 256, 1024, 6.294784",
    "8, 384, 1536, 18.880896",
    "8, 512, 2048, 33.563136",
    "9, 576, 2304, 47.786688",
    "10, 640, 2560, 65.54944",
    "16, 640, 1600, 75.38752",
    "12, 768, 3072, 113.265408",
    "18, 768, 3072, 169.897728",
    "20, 1792, 7168, 1027.677952"
  })
  void countsTheParametersOfThePublishedModels(
      int layers, int width, int feedForward, double millions) {
    assertThat(TrainingCompute.parameters(layers, width, feedForward) / 1e6).isEqualTo(millions);
  }

  @Test
  void aBudgetPaysForThePublishedNumberOfSteps() {
    long parameters = TrainingCompute.parameters(12, 768, 3072);

    assertThat(TrainingCompute.steps(6e18, parameters, 256, 2048)).isEqualTo(16839);
  }

  @Test
  void cuttingOnePercentOfTheSequencesShortensTheMeanLength() {
    assertThat(TrainingCompute.meanLength(2048, 0.01)).isCloseTo(2037.765, within(1e-9));
    assertThat(TrainingCompute.meanLength(2048, 0)).isEqualTo(2048);
  }

  @Test
  void findsTheLowestPointOfEveryBudgetAndTheLawThroughThem() {
    PowerLaw loss = new PowerLaw(-0.05, 3.2);
    PowerLaw size = new PowerLaw(0.6, -7);
    List<IsoFlop.Optimum> optima = IsoFlop.optima(study(loss, size));

    assertThat(optima)
        .extracting(IsoFlop.Optimum::compute)
        .containsExactly(6e18, 1e19, 3e19, 6e19, 1e20);
    for (IsoFlop.Optimum optimum : optima) {
      double best = size.at(optimum.compute());
      assertThat(optimum.parameters()).isCloseTo(best, within(best * 1e-6));
      assertThat(optimum.loss()).isCloseTo(loss.at(optimum.compute()), within(1e-9));
    }
    assertThat(PowerLaw.ofLoss(optima).alpha()).isCloseTo(-0.05, within(1e-9));
    assertThat(PowerLaw.ofLoss(optima).beta()).isCloseTo(3.2, within(1e-7));
    assertThat(PowerLaw.ofParameters(optima).alpha()).isCloseTo(0.6, within(1e-7));
  }

  /** Runs of seven sizes a budget, on exact parabolas around the laws' points. */
  private static List<ScalingRun> study(PowerLaw loss, PowerLaw size) {
    List<ScalingRun> runs = new ArrayList<>();
    for (double budget : BUDGETS) {
      for (double logSize = 17; logSize < 21; logSize += 0.6) {
        double off = logSize - Math.log(size.at(budget));
        runs.add(new ScalingRun(budget, Math.exp(logSize), loss.at(budget) + 0.08 * off * off));
      }
    }
    return runs;
  }

  @Test
  void refusesABudgetWithoutALowestPoint() {
    List<ScalingRun> twoSizes =
        List.of(new ScalingRun(1e19, 1e8, 3.2), new ScalingRun(1e19, 2e8, 3.1));
    List<ScalingRun> hill =
        List.of(
            new ScalingRun(1e19, 1e8, 3.1),
            new ScalingRun(1e19, 2e8, 3.2),
            new ScalingRun(1e19, 4e8, 3.1));

    assertThatThrownBy(() -> IsoFlop.optima(twoSizes)).hasMessageContaining("three sizes");
    assertThatThrownBy(() -> IsoFlop.optima(hill)).hasMessageContaining("no lowest point");
  }

  @Test
  void aShiftedLawOfEqualSlopeNeedsAConstantFactorOfCompute() {
    PowerLaw autoregressive = new PowerLaw(-0.05, 3);
    PowerLaw diffusion = new PowerLaw(-0.05, 3 + 0.05 * Math.log(16));

    for (double loss : new double[] {3.5, 3, 2.5}) {
      assertThat(ComputeFrontier.computeRatio(diffusion, autoregressive, loss))
          .isCloseTo(16, within(1e-9));
    }
    assertThat(autoregressive.at(autoregressive.inverse(3))).isCloseTo(3, within(1e-12));
  }

  @Test
  void theFrontierHoldsWhatNoCheaperRunUndercuts() {
    ScalingRun cheap = new ScalingRun(1e18, 1e7, 4);
    ScalingRun worse = new ScalingRun(2e18, 1e7, 4.1);
    ScalingRun better = new ScalingRun(2e18, 2e7, 3.8);
    ScalingRun equal = new ScalingRun(3e18, 2e7, 3.8);
    ScalingRun best = new ScalingRun(5e18, 4e7, 3.5);

    assertThat(ComputeFrontier.of(List.of(best, worse, equal, cheap, better)))
        .containsExactly(cheap, better, best);
  }
}
