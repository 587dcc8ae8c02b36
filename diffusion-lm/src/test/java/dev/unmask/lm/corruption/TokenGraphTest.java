package dev.unmask.lm.corruption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.corruption.TokenGraph.Absorbing;
import dev.unmask.lm.corruption.TokenGraph.Uniform;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenGraphTest {
  private static final double[] LOG_SCORE = {.1, -.2, .3, 0};
  private static final TokenGraph ABSORBING = new Absorbing(3);
  private static final TokenGraph UNIFORM = new Uniform(4);

  @Test
  void scoreEntropyHasTheReferenceValues() {
    assertThat(ABSORBING.scoreEntropy(LOG_SCORE, 3, 1, .7)).isCloseTo(2.471139690, within(1e-9));
    assertThat(ABSORBING.scoreEntropy(LOG_SCORE, 3, 1, .3)).isCloseTo(3.988979325, within(1e-9));
    assertThat(UNIFORM.scoreEntropy(LOG_SCORE, 3, 1, .7)).isCloseTo(1.205764313, within(1e-9));
    assertThat(UNIFORM.scoreEntropy(LOG_SCORE, 3, 3, .7)).isCloseTo(.414274899, within(1e-9));
  }

  /** Graph, current token, clean token, and the true ratios of probabilities to the current one. */
  static Stream<Arguments> truths() {
    double e = Math.expm1(.7);
    double same = e / (e + 4);
    return Stream.of(
        Arguments.of(ABSORBING, 3, 1, new double[] {0, 1 / e, 0, 1}),
        Arguments.of(UNIFORM, 3, 3, new double[] {same, same, same, 1}),
        Arguments.of(UNIFORM, 3, 1, new double[] {1, 1 / same, 1, 1}));
  }

  @ParameterizedTest
  @MethodSource("truths")
  void scoreEntropyIsLeastAndZeroAtTheTrueRatios(
      TokenGraph graph, int current, int clean, double[] ratios) {
    double[] truth = Arrays.stream(ratios).map(r -> Math.log(Math.max(r, 1e-300))).toArray();

    assertThat(graph.scoreEntropy(truth, current, clean, .7)).isCloseTo(0, within(1e-12));
    for (int v = 0; v < truth.length; v++) {
      if (v != current) {
        double up = graph.scoreEntropy(moved(truth, v, 1e-4), current, clean, .7);
        double down = graph.scoreEntropy(moved(truth, v, -1e-4), current, clean, .7);
        assertThat((up - down) / 2e-4).as("slope at %d", v).isCloseTo(0, within(1e-7));
        assertThat(graph.scoreEntropy(moved(truth, v, .5), current, clean, .7)).isNotNegative();
        assertThat(graph.scoreEntropy(moved(truth, v, -.5), current, clean, .7)).isNotNegative();
      }
    }
  }

  private static double[] moved(double[] values, int at, double by) {
    double[] moved = values.clone();
    moved[at] += by;
    return moved;
  }

  @Test
  void takesNoiseBackWithTheReferenceWeights() {
    NoiseSchedule schedule = new NoiseSchedule.LogLinear();
    double back = schedule.totalNoise(.5) - schedule.totalNoise(.4);

    assertThat(ABSORBING.analyticWeights(new double[] {.3, .1, .9, 1}, 3, back))
        .containsExactly(new double[] {.05988012, .01996004, .17964036, .74051948}, within(1e-8));
    double[] uniform = {1, (Math.expm1(.7) + 4) / Math.expm1(.7), 1, 1};
    assertThat(UNIFORM.analyticWeights(uniform, 3, .2))
        .containsExactly(new double[] {.03542005, .25381923, .03542005, .67534068}, within(1e-8));
  }

  /** With the true score, both predictors are the posterior of the log-linear process. */
  @ParameterizedTest
  @MethodSource("times")
  void bothPredictorsArePosteriorsOfTheLogLinearProcess(double t, double dt) {
    NoiseSchedule schedule = new NoiseSchedule.LogLinear();
    double[] clean = {.2, .5, .3};
    double ratio = 1 / Math.expm1(schedule.totalNoise(t));
    double[] score = {.2 * ratio, .5 * ratio, .3 * ratio, 1};
    double back = schedule.totalNoise(t) - schedule.totalNoise(t - dt);

    double[] analytic = ABSORBING.analyticWeights(score, 3, back);
    double[] euler = ABSORBING.eulerWeights(score, 3, dt * schedule.rate(t));

    for (int v = 0; v < 3; v++) {
      assertThat(analytic[v]).isCloseTo(clean[v] * dt / t, within(1e-12));
      assertThat(euler[v]).isCloseTo(clean[v] * dt / t, within(1e-12));
    }
    assertThat(analytic[3]).isCloseTo(1 - dt / t, within(1e-12));
    assertThat(euler[3]).isCloseTo(1 - dt / t, within(1e-12));
  }

  static Stream<Arguments> times() {
    return Stream.of(Arguments.of(.5, .1), Arguments.of(1., .25), Arguments.of(.02, .01));
  }

  /** The score entropy of k times normalised predictions is the weighted cross-entropy. */
  @Test
  void scoreEntropyOfNormalisedPredictionsIsTheCrossEntropy() {
    NoiseSchedule schedule = new NoiseSchedule.LogLinear();
    double t = .37;
    double ratio = 1 / Math.expm1(schedule.totalNoise(t));
    double[] logScore = {Math.log(.2 * ratio), Math.log(.5 * ratio), Math.log(.3 * ratio), 0};

    double loss = schedule.rate(t) * ABSORBING.scoreEntropy(logScore, 3, 1, schedule.totalNoise(t));

    assertThat(loss).isCloseTo(-Math.log(.5) / t, within(1e-10));
    assertThat(schedule.lossWeight(t)).isCloseTo(1 / t, within(1e-10));
  }

  @Test
  void unmaskedPositionsCountNothingAndStay() {
    assertThat(ABSORBING.scoreEntropy(LOG_SCORE, 1, 1, .7)).isZero();
    double[] score = {.4, 1, .6, .9};
    assertThat(ABSORBING.eulerWeights(score, 1, .3)).containsExactly(0, 1, 0, 0);
    assertThat(ABSORBING.analyticWeights(score, 1, .3))
        .containsExactly(new double[] {0, 1, 0, 0}, within(1e-12));
  }

  @Test
  void weightsOfAStepSumToOne() {
    double[] score = {.4, 2.2, .6, 1};
    for (TokenGraph graph : new TokenGraph[] {ABSORBING, UNIFORM}) {
      assertThat(Arrays.stream(graph.eulerWeights(score, 3, .2)).sum()).isCloseTo(1, within(1e-12));
    }
    assertThat(Arrays.stream(ABSORBING.analyticWeights(score, 3, .2)).sum())
        .isCloseTo(1, within(1e-12));
  }
}
