package dev.unmask.lm.toys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.TableBackbone;
import dev.unmask.lm.cache.WindowCache;
import dev.unmask.lm.decoding.BlockReveal;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.RaddRate;
import dev.unmask.lm.decoding.RaddSampler;
import dev.unmask.lm.decoding.RaddSampler.Evaluation;
import dev.unmask.lm.decoding.RaddSampler.Network;
import dev.unmask.lm.decoding.RaddSampler.Uniforms;
import dev.unmask.lm.decoding.RaddStrategy;
import dev.unmask.lm.decoding.ReverseBlockDenoising;
import dev.unmask.lm.decoding.ReverseBlockDenoising.Draws;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.SilentTokens;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The samplers' outputs have the distribution that enumeration gives (chi-square tests). */
class MaskSamplersTest {
  private static final int DRAWS = 20_000;
  private static final int BLOCK_DRAWS = 6_000;
  private static final TabularNetwork INCONSISTENT = Toys.inconsistent(3, 3, 5);
  private static final TabularJoint JOINT = Toys.joint(3, 3, 6);

  @ParameterizedTest
  @CsvSource({"1,TWEEDIE", "2,TWEEDIE", "3,EULER", "8,TWEEDIE"})
  void everyWayToEvaluateTheReverseProcessGivesItsDistribution(int steps, RaddRate rate) {
    double[] expected = new ExactSampling(INCONSISTENT).steps(steps);
    for (Evaluation evaluation : Evaluation.values()) {
      RaddSampler sampler = new RaddSampler(steps, rate, new RaddStrategy.Direct(), evaluation, 3);
      expect(
          expected,
          DRAWS,
          seed -> sampler.sample(network(INCONSISTENT), masks(), keyed(seed)).tokens());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void theRaceOverTokensAndTheMaskGivesTheSame(int steps) {
    RaddSampler sampler =
        new RaddSampler(steps, RaddRate.TWEEDIE, new RaddStrategy.Direct(), Evaluation.EAGER, 3);

    expect(
        new ExactSampling(INCONSISTENT).steps(steps),
        DRAWS,
        seed -> sampler.sampleByRace(network(INCONSISTENT), masks(), keyed(seed)).tokens());
  }

  @Test
  void randomOrdersGiveTheAnyOrderDistribution() {
    RaddSampler sampler =
        new RaddSampler(1, RaddRate.TWEEDIE, new RaddStrategy.Direct(), Evaluation.EAGER, 3);

    expect(
        new ExactSampling(INCONSISTENT).oneAtATime(),
        DRAWS,
        seed -> {
          int[] order = KeyedRandom.of(seed).split("order").permutation(3);
          return sampler.sampleInOrder(network(INCONSISTENT), masks(), order, keyed(seed)).tokens();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void firstHittingRevealsOneOfEachBlockAtATime(int blockSize) {
    expect(
        new ExactSampling(INCONSISTENT).blocksOneAtATime(blockSize),
        BLOCK_DRAWS,
        blocks(INCONSISTENT, blockSize, new BlockReveal.FirstHitting()));
  }

  @ParameterizedTest
  @CsvSource({"3,1", "3,2", "2,2", "1,4", "3,8"})
  void ancestralBlocksGiveTheDistributionOfTheirSteps(int blockSize, int steps) {
    expect(
        new ExactSampling(INCONSISTENT).blockSteps(blockSize, steps),
        BLOCK_DRAWS,
        blocks(
            INCONSISTENT,
            blockSize,
            new BlockReveal.Ancestral(t -> t, steps, BlockReveal.Grid.EVEN)));
  }

  @Test
  void withTrueConditionalsOneTokenAtATimeSamplesTheJointItself() {
    expect(JOINT.probabilities(), BLOCK_DRAWS, blocks(JOINT, 2, new BlockReveal.FirstHitting()));
  }

  /** Of L uniform times the largest has mean L / (L + 1). */
  @Test
  void firstHittingTimesAreThoseOfTheLastOfTheMasks() {
    double sum = 0;
    try (TableBackbone table = table(JOINT)) {
      for (int seed = 0; seed < BLOCK_DRAWS; seed++) {
        try (ReverseBlockDenoising denoising =
            start(table, 3, new BlockReveal.FirstHitting(), seed)) {
          denoising.step();
          sum += denoising.time();
        }
      }
    }
    assertThat(sum / BLOCK_DRAWS).isCloseTo(3.0 / 4, within(0.01));
  }

  /** So many steps that no two masks are revealed in one: the order of the reveals is all. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void ancestralStepsApproachFirstHittingAsTheyGrow(int blockSize) {
    ExactSampling exact = new ExactSampling(INCONSISTENT);
    double[] limit = exact.blocksOneAtATime(blockSize);
    double few = Frequencies.distance(exact.blockSteps(blockSize, 16), limit);
    double many = Frequencies.distance(exact.blockSteps(blockSize, 256), limit);

    assertThat(many).isLessThan(3e-3).isLessThanOrEqualTo(few / 12 + 1e-12);
  }

  /** P_n = (1 - 1/n) P + (1/n) (product of the marginals) for two tokens. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 100})
  void nStepsOverTwoTokensMixTheJointAndTheProductOfItsMarginals(int n) {
    TabularJoint joint = new TabularJoint(new double[] {.4, .1, .2, .3}, 2, 2);
    double[] product = {.3, .2, .3, .2};

    double[] actual = new ExactSampling(joint).steps(n);

    for (int i = 0; i < 4; i++) {
      double mixed = (1 - 1.0 / n) * joint.probabilities()[i] + product[i] / n;
      assertThat(actual[i]).isCloseTo(mixed, within(1e-12));
    }
  }

  private static Function<Integer, int[]> blocks(
      TabularNetwork network, int blockSize, BlockReveal reveal) {
    TableBackbone table = table(network);
    return seed -> {
      try (ReverseBlockDenoising denoising = start(table, blockSize, reveal, seed)) {
        denoising.finish();
        return denoising.tokens();
      }
    };
  }

  private static ReverseBlockDenoising start(
      TableBackbone table, int blockSize, BlockReveal reveal, int seed) {
    DecodeSettings settings =
        new DecodeSettings(
            3, blockSize, new FixedTokensPerStep(1), CacheKind.NONE, 1, 1, seed, List.of());
    return ReverseBlockDenoising.start(
        table.config(),
        Canvas.completion(),
        settings,
        SilentTokens.of(4),
        offset -> new WindowCache(table, blockSize, 6, offset, false),
        new ReverseBlockDenoising.Rule(reveal, MaskSamplersTest::softmax, text -> false),
        Draws.keyed(KeyedRandom.of(seed)));
  }

  private static double[] softmax(double[] logits) {
    double[] p = Arrays.stream(logits).map(Math::exp).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(x -> x / sum).toArray();
  }

  private static TableBackbone table(TabularNetwork network) {
    BackboneConfig config =
        BackboneConfig.llama(4, 1, 2, 1, 2, 6, 1); // the shape says nothing: it is a table
    return new TableBackbone(
        config, ids -> Toys.logits(network, Toys.padded(ids, network.length(), 3)));
  }

  private static Network network(TabularNetwork network) {
    return (canvas, positions) -> {
      double[][] all = Toys.logits(network, canvas);
      return Arrays.stream(positions).mapToObj(i -> all[i]).toArray(double[][]::new);
    };
  }

  private static Uniforms keyed(int seed) {
    return Uniforms.keyed(KeyedRandom.of(seed));
  }

  private static int[] masks() {
    return new int[] {3, 3, 3};
  }

  private static void expect(
      double[] distribution, int draws, Function<Integer, int[]> sampleOfSeed) {
    Frequencies.expect(distribution, 3, draws, sampleOfSeed::apply);
  }
}
