package dev.unmask.lm.family.mdlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.ReverseDenoising;
import dev.unmask.lm.decoding.TimeGrid;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.family.mdlm.MdlmRule.Sampler;
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
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** MDLM's samplers over networks that are tables have the distributions that enumeration gives. */
@Covers(
    method = "mdlm",
    parts = {Part.SAMPLE})
class MdlmSamplersTest {
  private static final int V = 3;
  private static final int DRAWS = 10_000;

  /** What is masked at the last time, 1e-5, is no draw but the most probable token. */
  private static final double LAST_TIME = 2e-5;

  private static final TabularNetwork INCONSISTENT = Toys.inconsistent(3, V, 5);
  private static final TabularJoint PAIR = Toys.joint(2, V, 6);

  @ParameterizedTest
  @CsvSource({
    "1,ANCESTRAL,true",
    "3,ANCESTRAL,true",
    "3,ANCESTRAL,false",
    "2,ANALYTIC,true",
    "8,ANALYTIC,false"
  })
  void stepsRevealTheShareOfTheTimeTheyTakeBack(int steps, Sampler sampler, boolean reuses) {
    MdlmRule rule = rule(steps, sampler, reuses);
    double[] expected = new ExactSampling(INCONSISTENT).steps(steps);

    assertThat(chain(rule, INCONSISTENT)).containsExactly(expected, within(LAST_TIME));
    Frequencies.expect(expected, V, DRAWS, sampler(rule, INCONSISTENT));
  }

  /** Of two tokens n steps draw the joint, but once in n times the product of its marginals. */
  @ParameterizedTest
  @EnumSource(Sampler.class)
  void stepsConvergeToTheDataInProportionToTheirNumber(Sampler sampler) {
    double one = distance(1, sampler);
    assertThat(one).isGreaterThan(0.05);
    for (int steps : new int[] {2, 4, 32, 1_000}) {
      assertThat(distance(steps, sampler)).isCloseTo(one / steps, within(LAST_TIME));
    }
  }

  private static double distance(int steps, Sampler sampler) {
    return Frequencies.distance(chain(rule(steps, sampler, true), PAIR), PAIR.probabilities());
  }

  /** The sampler's own weights, every draw enumerated. */
  private static double[] chain(MdlmRule rule, TabularNetwork network) {
    StateChain chain = new StateChain(V + 1, network.length());
    return chain.withoutMask(
        chain.run(
            chain.constant(V),
            rule.steps(),
            (step, state, at) -> {
              double[] settled = new double[V + 1];
              settled[state[at]] = 1;
              return rule.settles(state[at])
                  ? settled
                  : rule.weights(step, Toys.logits(network, state)[at], state[at]);
            }));
  }

  private static IntFunction<int[]> sampler(MdlmRule rule, TabularNetwork network) {
    DecodeSettings settings =
        new DecodeSettings(
            network.length(), 1, new FixedTokensPerStep(1), CacheKind.NONE, 1, 1, 0, List.of());
    return seed -> {
      try (ReverseDenoising denoising =
          ReverseDenoising.start(
              BackboneConfig.radd(V + 1, 1, 8, 1, network.length()), // no weights are made
              Canvas.completion(),
              settings,
              SilentTokens.of(V + 1),
              (canvas, positions, totalNoise) -> {
                double[][] rows = Toys.logits(network, canvas);
                return IntStream.of(positions).mapToObj(i -> rows[i]).toArray(double[][]::new);
              },
              rule,
              ReverseDenoising.Draws.keyed(KeyedRandom.of(seed)))) {
        denoising.finish();
        return denoising.tokens();
      }
    };
  }

  private static MdlmRule rule(int steps, Sampler sampler, boolean reuses) {
    return new MdlmRule(new TimeGrid(new NoiseSchedule.LogLinear(), steps), V, sampler, 1, reuses);
  }
}
