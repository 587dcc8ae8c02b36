package dev.unmask.lm.family.sedd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.TokenGraph;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.toys.ExactLikelihood;
import dev.unmask.lm.toys.TabularJoint;
import dev.unmask.lm.toys.TabularNetwork;
import dev.unmask.lm.toys.Toys;
import dev.unmask.lm.toys.UniformNoise;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Score entropy integrated over time and over all noisy sequences: with the true ratios it is the
 * negative log-likelihood, less what the last time still tells of the text.
 */
@Covers(
    method = "sedd",
    parts = {Part.SCORE})
class ScoreEntropyBoundTest {
  private static final int LENGTH = 2;
  private static final int V = 3;
  private static final int PIECES = 3_000;
  private static final double[] GAUSS = {-1 / Math.sqrt(3), 1 / Math.sqrt(3)};
  private static final TabularJoint JOINT = Toys.joint(LENGTH, V, 6);
  private static final int[][] SEQUENCES = TabularNetwork.all(V, LENGTH);

  /** Logarithms of ratios at all positions of a noisy sequence, {@code [L, states]}. */
  private interface LogScores {
    double[][] of(int[] noisy, double totalNoise);
  }

  static Stream<NoiseSchedule> schedules() {
    return Stream.of(new NoiseSchedule.LogLinear(1e-6), new NoiseSchedule.Geometric(1e-9, 15));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void maskedTrueRatiosGiveTheLikelihood(NoiseSchedule schedule) {
    double[] bounds = bounds(new TokenGraph.Absorbing(V), schedule, masked(JOINT));
    for (int n = 0; n < SEQUENCES.length; n++) {
      assertThat(bounds[n]).isCloseTo(-Math.log(JOINT.probabilities()[n]), within(1e-5));
    }
  }

  /** Score entropy of normalised predictions is cross-entropy: the bound of all orders. */
  @ParameterizedTest
  @MethodSource("schedules")
  void maskedRatiosOfAnyNetworkGiveTheBoundOfAllOrders(NoiseSchedule schedule) {
    TabularNetwork network = Toys.inconsistent(LENGTH, V, 5);
    double[] bounds = bounds(new TokenGraph.Absorbing(V), schedule, masked(network));
    for (int n = 0; n < SEQUENCES.length; n++) {
      double anyOrder = new ExactLikelihood(network).anyOrder(SEQUENCES[n]);
      assertThat(bounds[n]).isCloseTo(anyOrder, within(1e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void trueRatiosUnderUniformNoiseGiveTheLikelihood(NoiseSchedule schedule) {
    double[] bounds = bounds(new TokenGraph.Uniform(V), schedule, ratios(1));
    for (int n = 0; n < SEQUENCES.length; n++) {
      double told = toldAtTheEnd(n, schedule.totalNoise(1));
      assertThat(bounds[n] + told).isCloseTo(-Math.log(JOINT.probabilities()[n]), within(1e-5));
    }
  }

  /** Ratios that are all too bold or too timid are further from the data on average. */
  @Test
  void otherRatiosAreAboveTheEntropyOfTheData() {
    NoiseSchedule schedule = new NoiseSchedule.LogLinear(1e-6);
    double entropy = Arrays.stream(JOINT.probabilities()).map(p -> -p * Math.log(p)).sum();
    for (double power : new double[] {0.8, 1.2}) {
      double[] bounds = bounds(new TokenGraph.Uniform(V), schedule, ratios(power));
      double mean = 0;
      for (int n = 0; n < bounds.length; n++) {
        mean += JOINT.probabilities()[n] * bounds[n];
      }
      assertThat(mean).isGreaterThan(entropy + 0.01);
    }
  }

  /** Divergence of the noisy text given the clean one from the noisy text, at the last time. */
  private static double toldAtTheEnd(int clean, double noise) {
    double[] marginal = new UniformNoise(JOINT).marginal(noise);
    double nats = 0;
    for (int n = 0; n < SEQUENCES.length; n++) {
      double p = moved(new TokenGraph.Uniform(V), SEQUENCES[clean], SEQUENCES[n], noise);
      nats += p * Math.log(p / marginal[n]);
    }
    return nats;
  }

  /** The training loss of every clean sequence in nats, all times and noise enumerated. */
  private static double[] bounds(TokenGraph graph, NoiseSchedule schedule, LogScores scores) {
    ScoreEntropy objective = new ScoreEntropy(graph, schedule, false);
    double[] bounds = new double[SEQUENCES.length];
    for (int piece = 0; piece < PIECES; piece++) {
      double from = time((double) piece / PIECES);
      double to = time((piece + 1.0) / PIECES);
      for (double point : GAUSS) {
        double t = (from + to) / 2 + point * (to - from) / 2;
        add(bounds, graph, objective, scores, t, (to - from) / 2);
      }
    }
    return bounds;
  }

  /** Pieces shrink towards both ends, where rates or ratios grow without bound. */
  private static double time(double unit) {
    return Math.pow(unit, 4) * (35 - 84 * unit + 70 * unit * unit - 20 * Math.pow(unit, 3));
  }

  private static void add(
      double[] bounds,
      TokenGraph graph,
      ScoreEntropy objective,
      LogScores scores,
      double t,
      double share) {
    double noise = objective.schedule().totalNoise(t);
    for (int[] noisy : TabularNetwork.all(graph.states(), LENGTH)) {
      double[][] logScores = null;
      for (int n = 0; n < bounds.length; n++) {
        double p = moved(graph, SEQUENCES[n], noisy, noise);
        if (p > 0) {
          logScores = logScores == null ? scores.of(noisy, noise) : logScores;
          bounds[n] += share * p * loss(objective, SEQUENCES[n], noisy, t, logScores);
        }
      }
    }
  }

  private static double loss(
      ScoreEntropy objective, int[] clean, int[] noisy, double t, double[][] logScores) {
    ScoredBatch batch = objective.batch(new int[][] {clean}, new int[][] {noisy}, new double[] {t});
    double nats = 0;
    for (int i = 0; i < batch.rows().length; i++) {
      int at = batch.rows()[i];
      if (batch.weights()[i] != 0) {
        double entropy =
            objective
                .graph()
                .scoreEntropy(logScores[at], noisy[at], batch.targets()[i], batch.totalNoise()[0]);
        nats += LENGTH * batch.weights()[i] * entropy;
      }
    }
    return nats;
  }

  private static double moved(TokenGraph graph, int[] clean, int[] noisy, double noise) {
    double p = 1;
    for (int i = 0; i < clean.length; i++) {
      p *=
          switch (graph) {
            case TokenGraph.Absorbing(int maskId) ->
                noisy[i] == maskId
                    ? -Math.expm1(-noise)
                    : noisy[i] == clean[i] ? Math.exp(-noise) : 0;
            case TokenGraph.Uniform(int states) ->
                -Math.expm1(-noise) / states + (noisy[i] == clean[i] ? Math.exp(-noise) : 0);
          };
    }
    return p;
  }

  private static LogScores masked(TabularNetwork network) {
    return (noisy, noise) -> {
      double[][] logs = Toys.logits(network, noisy);
      for (double[] row : logs) {
        Arrays.setAll(row, v -> v == V ? 0 : row[v] - Math.log(Math.expm1(noise)));
      }
      return logs;
    };
  }

  private static LogScores ratios(double power) {
    UniformNoise uniform = new UniformNoise(JOINT);
    return (noisy, noise) ->
        Arrays.stream(uniform.ratios(noisy, noise))
            .map(row -> Arrays.stream(row).map(r -> power * Math.log(r)).toArray())
            .toArray(double[][]::new);
  }
}
