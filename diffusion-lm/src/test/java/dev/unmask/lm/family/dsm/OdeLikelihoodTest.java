package dev.unmask.lm.family.dsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.family.dsm.GaussianProcess.VarianceExploding;
import dev.unmask.lm.family.dsm.GaussianProcess.VariancePreserving;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import org.junit.jupiter.api.Test;

@Covers(
    method = "dsm",
    parts = {Part.SCORE})
class OdeLikelihoodTest {
  private static final GaussianMixture DATA =
      new GaussianMixture(
          new double[] {0.3, 0.7},
          new double[][] {{-1, 0.5}, {0.8, -0.4}},
          new double[] {0.2, 0.1});
  private static final double[][] POINTS = {{0.5, 0.1}, {-0.9, 0.4}, {1.5, -1}};

  /** With so high a rate nothing is left of the data at time 1, so that the prior is exact. */
  @Test
  void theFlowOfTheExactScoreGivesTheExactDensity() {
    VariancePreserving process = new VariancePreserving(0.1, 40);
    OdeLikelihood likelihood = new OdeLikelihood(process, 200, 0.01);
    for (double[] point : POINTS) {
      double exact = DATA.logDensity(point, process.alpha(0.01), process.sigma(0.01));

      double actual = likelihood.logDensity(point, score(process), OdeLikelihood.Directions.axes());

      assertThat(actual).isCloseTo(exact, within(1e-3));
    }
  }

  /** The prior of the exploding process is only as exact as its largest noise is large. */
  @Test
  void theExplodingProcessGivesItToo() {
    VarianceExploding process = new VarianceExploding(0.05, 50);
    OdeLikelihood likelihood = new OdeLikelihood(process, 300, 0);
    for (double[] point : POINTS) {
      double exact = DATA.logDensity(point, 1, 0.05);

      double actual = likelihood.logDensity(point, score(process), OdeLikelihood.Directions.axes());

      assertThat(actual).isCloseTo(exact, within(2e-2));
    }
  }

  @Test
  void randomProbesEstimateTheDivergenceWithoutBias() {
    VariancePreserving process = new VariancePreserving();
    OdeLikelihood likelihood = new OdeLikelihood(process, 100, 0.01);
    double exact =
        likelihood.logDensity(POINTS[0], score(process), OdeLikelihood.Directions.axes());
    double sum = 0;
    int draws = 40;
    for (int draw = 0; draw < draws; draw++) {
      sum +=
          likelihood.logDensity(
              POINTS[0], score(process), OdeLikelihood.Directions.signs(KeyedRandom.of(draw)));
    }
    assertThat(sum / draws).isCloseTo(exact, within(0.2));
  }

  /** Samples end where the data lies: the mean of many is that of the mixture. */
  @Test
  void everySamplerOfTheExactScoreEndsInTheData() {
    VariancePreserving process = new VariancePreserving();
    double[] mean = {0.3 * -1 + 0.7 * 0.8, 0.3 * 0.5 + 0.7 * -0.4};
    for (int sampler = 0; sampler < 4; sampler++) {
      double[] sum = new double[2];
      int draws = 2_000;
      for (int draw = 0; draw < draws; draw++) {
        double[] x = sample(process, sampler, KeyedRandom.of(draw));
        sum[0] += x[0] / draws;
        sum[1] += x[1] / draws;
      }
      assertThat(sum).as("sampler %d", sampler).containsExactly(mean, within(0.1));
    }
  }

  private static double[] sample(VariancePreserving process, int sampler, KeyedRandom random) {
    int steps = 100;
    double[] x = {random.gaussian(0), random.gaussian(1)};
    for (int step = 0; step < steps; step++) {
      double t = 1 - (double) step / steps;
      double earlier = Math.max(1e-3, t - 1.0 / steps);
      double[] z = {random.gaussian(step, 0, 1), random.gaussian(step, 1, 1)};
      double[] score = score(process).at(x, t);
      double[] clean = process.cleanMean(x, score, t);
      x =
          switch (sampler) {
            case 0 -> ReverseSteps.stochastic(process, x, score, t, t - earlier, z);
            case 1 -> ReverseSteps.posterior(process, x, clean, t, earlier, z);
            case 2 -> ReverseSteps.implicit(process, x, clean, t, earlier);
            default -> ReverseSteps.flowStep(process, x, score, t, t - earlier);
          };
    }
    return x;
  }

  private static ScoreFunction score(GaussianProcess process) {
    return (x, t) -> DATA.score(x, process.alpha(t), process.sigma(t));
  }
}
