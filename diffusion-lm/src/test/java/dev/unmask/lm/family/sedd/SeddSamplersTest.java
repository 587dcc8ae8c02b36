package dev.unmask.lm.family.sedd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.NoiseConditioning;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.TokenGraph;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.ReverseDenoising;
import dev.unmask.lm.decoding.TimeGrid;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.family.sedd.SeddRule.Predictor;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.testing.SilentTokens;
import dev.unmask.lm.toys.ExactSampling;
import dev.unmask.lm.toys.Frequencies;
import dev.unmask.lm.toys.StateChain;
import dev.unmask.lm.toys.TabularJoint;
import dev.unmask.lm.toys.TabularNetwork;
import dev.unmask.lm.toys.Toys;
import dev.unmask.lm.toys.UniformNoise;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SEDD's samplers over networks that are tables have the distributions that enumeration gives. */
@Covers(
    method = "sedd",
    parts = {Part.SAMPLE})
class SeddSamplersTest {
  private static final int LENGTH = 2;
  private static final int V = 3;
  private static final int DRAWS = 6_000;
  private static final NoiseSchedule LOG_LINEAR = new NoiseSchedule.LogLinear();
  private static final NoiseSchedule GEOMETRIC = new NoiseSchedule.Geometric(1e-4, 20);
  private static final TabularNetwork INCONSISTENT = Toys.inconsistent(LENGTH, V, 5);
  private static final TabularJoint JOINT = Toys.joint(LENGTH, V, 6);

  /** Log-ratios that a network gives before {@link SeddConfig#logScore}, {@code [L, states]}. */
  private interface Scores {
    double[][] of(int[] state, double totalNoise);
  }

  @ParameterizedTest
  @CsvSource({"1,ANALYTIC", "2,ANALYTIC", "3,EULER", "8,EULER"})
  void absorbingStepsRevealTheShareOfTheTimeTheyTakeBack(int steps, Predictor predictor) {
    SeddRule rule = rule(absorbing(LOG_LINEAR), steps, predictor);
    Scores scores = absorbed(INCONSISTENT);
    double[] expected = new ExactSampling(INCONSISTENT).reveals(shares(rule));

    assertThat(chain(rule, scores)).containsExactly(expected, within(1e-9));
    Frequencies.expect(expected, V, DRAWS, sampler(rule, scores));
  }

  @Test
  void absorbingStepsFollowTheGeometricScheduleToo() {
    SeddRule rule = rule(absorbing(GEOMETRIC), 4, Predictor.ANALYTIC);
    Scores scores = absorbed(INCONSISTENT);
    double[] expected = new ExactSampling(INCONSISTENT).reveals(shares(rule));

    assertThat(chain(rule, scores)).containsExactly(expected, within(1e-9));
    Frequencies.expect(expected, V, DRAWS, sampler(rule, scores));
  }

  /** With the true ratios the distance to the data is that of one step divided by the steps. */
  @ParameterizedTest
  @EnumSource(Predictor.class)
  void absorbingStepsConvergeToTheDataInProportionToTheirNumber(Predictor predictor) {
    double one = absorbedDistance(1, Predictor.ANALYTIC);
    assertThat(one).isGreaterThan(0.05);
    for (int steps : new int[] {2, 8, 64, 1_000}) {
      assertThat(absorbedDistance(steps, predictor)).isCloseTo(one / steps, within(1e-4));
    }
  }

  /** Each position is drawn from its true posterior given the noisy sequence. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6})
  void uniformAnalyticStepsDrawEachPositionFromItsPosterior(int steps) {
    SeddRule rule = rule(uniform(LOG_LINEAR), steps, Predictor.ANALYTIC);
    UniformNoise noise = new UniformNoise(JOINT);
    StateChain chain = new StateChain(V, LENGTH);
    double[] expected =
        chain.run(
            chain.uniform(),
            rule.steps(),
            (step, state, at) ->
                noise.posterior(state, at, rule.totalNoise(step), noiseBack(rule, step)));

    assertThat(chain(rule, ratios())).containsExactly(expected, within(1e-9));
    Frequencies.expect(expected, V, DRAWS, sampler(rule, ratios()));
  }

  @ParameterizedTest
  @EnumSource(Predictor.class)
  void uniformStepsConvergeToTheData(Predictor predictor) {
    double few = uniformDistance(4, predictor);
    double more = uniformDistance(32, predictor);
    double many = uniformDistance(256, predictor);

    assertThat(few).isGreaterThan(0.02);
    assertThat(more).isLessThan(few / 2);
    assertThat(many).isLessThan(more / 2).isLessThan(0.01);
  }

  @Test
  void manyUniformStepsOfFirstOrderDrawTheDataItself() {
    SeddRule rule = rule(uniform(LOG_LINEAR), 256, Predictor.EULER);
    Frequencies.expect(JOINT.probabilities(), V, 1_500, sampler(rule, ratios()));
  }

  private static double absorbedDistance(int steps, Predictor predictor) {
    SeddRule rule = rule(absorbing(LOG_LINEAR), steps, predictor);
    return Frequencies.distance(chain(rule, absorbed(JOINT)), JOINT.probabilities());
  }

  private static double uniformDistance(int steps, Predictor predictor) {
    SeddRule rule = rule(uniform(LOG_LINEAR), steps, predictor);
    return Frequencies.distance(chain(rule, ratios()), JOINT.probabilities());
  }

  /** The sampler's own weights, every draw enumerated. */
  private static double[] chain(SeddRule rule, Scores scores) {
    boolean absorbing = rule.config().graph() instanceof TokenGraph.Absorbing;
    StateChain chain = new StateChain(rule.config().graph().states(), LENGTH);
    double[] end =
        chain.run(
            absorbing ? chain.constant(V) : chain.uniform(),
            rule.steps(),
            (step, state, at) -> {
              double[] settled = new double[chain.states()];
              settled[state[at]] = 1;
              return rule.settles(state[at])
                  ? settled
                  : rule.weights(step, scores.of(state, rule.totalNoise(step))[at], state[at]);
            });
    return absorbing ? chain.withoutMask(end) : end;
  }

  private static IntFunction<int[]> sampler(SeddRule rule, Scores scores) {
    DecodeSettings settings =
        new DecodeSettings(
            LENGTH, 1, new FixedTokensPerStep(1), CacheKind.NONE, 1, 1, 0, List.of());
    return seed -> {
      try (ReverseDenoising denoising =
          ReverseDenoising.start(
              rule.config().backbone(),
              Canvas.completion(),
              settings,
              SilentTokens.of(rule.config().graph().states()),
              (canvas, positions, totalNoise) -> {
                double[][] rows = scores.of(canvas, totalNoise);
                return IntStream.of(positions).mapToObj(i -> rows[i]).toArray(double[][]::new);
              },
              rule,
              ReverseDenoising.Draws.keyed(KeyedRandom.of(seed)))) {
        denoising.finish();
        return denoising.tokens();
      }
    };
  }

  /** As a network answers that has the noise taken off its logits by the sampler. */
  private static Scores absorbed(TabularNetwork network) {
    return (state, noise) -> {
      double[][] logits = Toys.logits(network, state);
      for (double[] row : logits) {
        Arrays.setAll(row, v -> row[v] + Math.log(V));
      }
      return logits;
    };
  }

  private static Scores ratios() {
    UniformNoise noise = new UniformNoise(JOINT);
    Map<List<Object>, double[][]> known = new HashMap<>();
    return (state, total) ->
        known.computeIfAbsent(
            List.of(TabularNetwork.number(state, V), total),
            key ->
                Arrays.stream(noise.ratios(state, total))
                    .map(row -> Arrays.stream(row).map(Math::log).toArray())
                    .toArray(double[][]::new));
  }

  private static double[] shares(SeddRule rule) {
    double[] shares = new double[rule.steps()];
    Arrays.setAll(
        shares,
        step -> {
          double before = -Math.expm1(-rule.totalNoise(step));
          double after = -Math.expm1(noiseBack(rule, step) - rule.totalNoise(step));
          return 1 - after / before;
        });
    return shares;
  }

  private static double noiseBack(SeddRule rule, int step) {
    boolean last = step == rule.steps() - 1;
    return last ? rule.totalNoise(step) : rule.grid().noiseBack(step);
  }

  private static SeddRule rule(SeddConfig config, int steps, Predictor predictor) {
    return new SeddRule(config, new TimeGrid(config.schedule(), steps), predictor);
  }

  private static SeddConfig absorbing(NoiseSchedule schedule) {
    return new SeddConfig(shape(V + 1, V), new TokenGraph.Absorbing(V), schedule, true);
  }

  private static SeddConfig uniform(NoiseSchedule schedule) {
    BackboneConfig shape = shape(V, BackboneConfig.NO_MASK);
    return new SeddConfig(shape, new TokenGraph.Uniform(V), schedule, false);
  }

  private static BackboneConfig shape(int states, int maskId) {
    return BackboneConfig.dit(
        states, maskId, 1, 8, 1, LENGTH, new NoiseConditioning(4, true)); // no weights are made
  }
}
