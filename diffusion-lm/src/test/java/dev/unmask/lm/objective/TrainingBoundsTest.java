package dev.unmask.lm.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.family.bd3lm.ClippedBlockDiffusion;
import dev.unmask.lm.family.mdlm.Nelbo;
import dev.unmask.lm.family.sdar.PackedBlockDiffusion;
import dev.unmask.lm.objective.BlockDiffusion.Noise;
import dev.unmask.lm.objective.MaskedDenoising.Weighting;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.toys.ExactLikelihood;
import dev.unmask.lm.toys.TabularJoint;
import dev.unmask.lm.toys.TabularLoss;
import dev.unmask.lm.toys.TabularNetwork;
import dev.unmask.lm.toys.Toys;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The batches that jobs train on, averaged over many draws: with true conditionals every bound is
 * the negative log-likelihood, with any others the enumerated bound of the same blocks.
 */
@Covers(
    method = "mdlm",
    parts = {Part.SCORE})
@Covers(
    method = "bd3lm",
    parts = {Part.SCORE})
class TrainingBoundsTest {
  private static final int LENGTH = 4;
  private static final int V = 2;
  private static final int BATCHES = 12_000;
  private static final int[] SEQUENCE = {1, 0, 0, 1};
  private static final TabularNetwork INCONSISTENT = Toys.inconsistent(LENGTH, V, 3);
  private static final TabularJoint JOINT = Toys.joint(LENGTH, V, 4);

  /** Times end a thousandth before 0 or 1. */
  private static final double ENDS = 4e-3;

  static Stream<Arguments> bounds() {
    Stream<Arguments> sequence =
        Stream.of(
                new MaskedDenoising(Weighting.LAMBDA),
                new MaskedDenoising(Weighting.T),
                new MaskedDenoising(Weighting.K),
                new LinearMasking(Alignment.SAME_POSITION, 0),
                new Nelbo())
            .map(objective -> Arguments.of(objective, LENGTH));
    Stream<Arguments> blocks =
        Stream.of(1, 2, 4)
            .flatMap(
                size ->
                    Stream.of(
                            new BlockDiffusion(size, Noise.COUNT),
                            new BlockDiffusion(size, Noise.PER_BLOCK),
                            new BlockDiffusion(size, Noise.PER_SEQUENCE),
                            new ClippedBlockDiffusion(size))
                        .map(objective -> Arguments.of(objective, size)));
    return Stream.concat(sequence, blocks);
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void withTrueConditionalsTheBoundIsTheLikelihood(Objective objective, int blockSize) {
    expectMean(objective, JOINT, -Math.log(JOINT.marginal(SEQUENCE)));
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void withAnyOthersItIsThatOfAllOrdersInsideItsBlocks(Objective objective, int blockSize) {
    expectMean(
        objective, INCONSISTENT, new ExactLikelihood(INCONSISTENT).blocks(SEQUENCE, blockSize));
  }

  /** The first token is given; no draw makes a difference. */
  @Test
  void nextTokensHaveTheChainRuleItself() {
    double first = JOINT.conditionals(new int[] {V, V, V, V})[0][SEQUENCE[0]];
    double loss = TabularLoss.of(batch(new Autoregressive(), 0), JOINT) * (LENGTH - 1);
    assertThat(loss - Math.log(first)).isCloseTo(-Math.log(JOINT.marginal(SEQUENCE)), within(1e-6));
  }

  /**
   * SDAR draws time and masks of a sample again until a token is masked. What draws nothing counts
   * nothing, so the loss is the bound over the chance that something is masked: L / (L + 1).
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void drawingAgainRaisesTheLossOfSdarByTheChanceOfNoMask(int blockSize) {
    double bound = new ExactLikelihood(INCONSISTENT).blocks(SEQUENCE, blockSize);
    Objective one = new SingleSequences(new PackedBlockDiffusion(blockSize, V + 1));
    expectMean(one, INCONSISTENT, bound * (LENGTH + 1) / LENGTH);
  }

  /** Batches of one sequence, so that a draw without a mask is one of the whole batch. */
  private record SingleSequences(Objective objective) implements Objective {
    @Override
    public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
      return objective.batch(new int[][] {clean[0]}, maskId, random);
    }

    @Override
    public String label() {
      return objective.label();
    }

    @Override
    public BackboneConfig decoding(BackboneConfig trained) {
      return objective.decoding(trained);
    }
  }

  /** Within five standard errors of the mean over batches. */
  private static void expectMean(Objective objective, TabularNetwork network, double expected) {
    double[] nats =
        IntStream.range(0, BATCHES)
            .mapToDouble(seed -> TabularLoss.of(batch(objective, seed), network) * LENGTH)
            .toArray();
    double mean = Arrays.stream(nats).average().orElseThrow();
    double variance = Arrays.stream(nats).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    double error = Math.sqrt(variance / BATCHES);
    assertThat(error).isLessThan(0.02 * expected);
    assertThat(mean).isCloseTo(expected, within(5 * error + ENDS * expected));
  }

  private static ScoredBatch batch(Objective objective, int seed) {
    return objective.batch(new int[][] {SEQUENCE, SEQUENCE}, V, KeyedRandom.of(seed));
  }
}
