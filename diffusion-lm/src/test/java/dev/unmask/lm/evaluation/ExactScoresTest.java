package dev.unmask.lm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.TableBackbone;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.NoCache;
import dev.unmask.lm.decoding.TokenSampler;
import dev.unmask.lm.evaluation.MonteCarloBound.Draws;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.toys.ExactLikelihood;
import dev.unmask.lm.toys.ExactSampling;
import dev.unmask.lm.toys.TabularJoint;
import dev.unmask.lm.toys.TabularModels;
import dev.unmask.lm.toys.TabularNetwork;
import dev.unmask.lm.toys.Toys;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores of texts by networks that are tables, compared with sums over everything. */
@Covers(
    method = "llada",
    parts = {Part.SCORE})
@Covers(
    method = "dream",
    parts = {Part.SCORE})
@Covers(
    method = "sdar",
    parts = {Part.SCORE})
class ExactScoresTest {
  private static final int LENGTH = 3;
  private static final int V = 3;
  private static final TabularNetwork INCONSISTENT = Toys.inconsistent(LENGTH, V, 5);
  private static final TabularJoint JOINT = Toys.joint(LENGTH, V, 6);
  private static final int[] FROM_THE_LEFT = {0, 1, 2};

  private TokenSampler sampler;

  @BeforeEach
  void open() {
    sampler = new TokenSampler(V + 1, V, -1);
  }

  @AfterEach
  void close() {
    sampler.close();
  }

  /** Every number of masks alike, every set of that number alike. */
  @Test
  void theEnumeratedMonteCarloBoundIsThatOfAllOrders() {
    ExactLikelihood exact = new ExactLikelihood(INCONSISTENT);
    for (int[] tokens : TabularNetwork.all(V, LENGTH)) {
      assertThat(enumerated(INCONSISTENT, tokens)).isCloseTo(exact.anyOrder(tokens), within(1e-5));
    }
  }

  @Test
  void theEnumeratedMonteCarloBoundIsTheLikelihoodForTrueConditionals() {
    for (int[] tokens : TabularNetwork.all(V, LENGTH)) {
      assertThat(enumerated(JOINT, tokens))
          .isCloseTo(-Math.log(JOINT.marginal(tokens)), within(1e-5));
    }
  }

  /** What writes one token at a time in a random order has at least that likelihood (Jensen). */
  @Test
  void theBoundIsNeverBelowTheLikelihoodOfTheSamplerItBounds() {
    double[] sampled = new ExactSampling(INCONSISTENT).oneAtATime();
    int[][] sequences = TabularNetwork.all(V, LENGTH);
    double slack = 0;
    for (int n = 0; n < sequences.length; n++) {
      double above = enumerated(INCONSISTENT, sequences[n]) + Math.log(sampled[n]);
      assertThat(above).isGreaterThan(-1e-6);
      slack = Math.max(slack, above);
    }
    assertThat(slack).isGreaterThan(0.01);
  }

  /** The mean is the bound for any number of draws; the variance falls as their number grows. */
  @Test
  void drawsEstimateTheBoundWithoutBias() {
    int[] tokens = {2, 0, 1};
    double expected = new ExactLikelihood(INCONSISTENT).anyOrder(tokens);
    double[] variances =
        IntStream.of(1, 2, 3, 16).mapToDouble(rows -> variance(tokens, rows, expected)).toArray();

    assertThat(variances).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(variances[3]).isLessThan(variances[0] / 12);
  }

  private double variance(int[] tokens, int rows, double expected) {
    double[] totals = new double[1_500];
    try (TableBackbone backbone = TabularModels.aligned(INCONSISTENT, 0);
        KvCache network = new NoCache(backbone, new AttentionLayout.Full(), 0)) {
      Draws draws = new Draws(1, rows);
      Arrays.setAll(
          totals,
          seed ->
              MonteCarloBound.score(network, backbone.config(), sampler, tokens, 0, draws, seed)
                  .totalNats());
    }
    double mean = Arrays.stream(totals).average().orElseThrow();
    double variance =
        Arrays.stream(totals).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
    double error = Math.sqrt(variance / totals.length);
    assertThat(mean).isCloseTo(expected, within(4 * error));
    return variance;
  }

  /** Only the answer is masked: the rest is given. */
  @Test
  void theBoundOfAnAnswerIsThatOfItsConditionalDistribution() {
    int[] tokens = {2, 0, 1};
    double prompt = -Math.log(JOINT.marginal(new int[] {2, V, V}));
    double expected = -Math.log(JOINT.marginal(tokens)) - prompt;

    double bound = 0;
    for (int k = 1; k <= 2; k++) {
      bound += expectedOver(JOINT, tokens, 1, k) / 2;
    }

    assertThat(bound).isCloseTo(expected, within(1e-5));
  }

  /** The chain rule from the left, whatever the blocks. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void theChainRuleIsTheLikelihood(int blockSize) {
    ExactLikelihood inconsistent = new ExactLikelihood(INCONSISTENT);
    for (int[] tokens : TabularNetwork.all(V, LENGTH)) {
      assertThat(chainRule(JOINT, tokens, blockSize))
          .isCloseTo(-Math.log(JOINT.marginal(tokens)), within(1e-5));
      assertThat(chainRule(INCONSISTENT, tokens, blockSize))
          .isCloseTo(inconsistent.inOrder(tokens, FROM_THE_LEFT), within(1e-5));
    }
  }

  /** Dream's rows stand one to the left; so do those of next-token models, block by block. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4})
  void rowsToTheLeftScoreTheSame(int blockSize) {
    int[] tokens = {0, 2, 0, 1}; // the first says nothing
    int[] answer = {2, 0, 1};
    AttentionLayout layout = layout(blockSize);
    try (TableBackbone backbone = TabularModels.shifted(JOINT, blockSize);
        KvCache network = new NoCache(backbone, layout, 0)) {
      double nats = -Math.log(JOINT.marginal(answer));
      TextScore chain = BlockScorer.score(network, backbone.config(), sampler, tokens, 1);
      assertThat(chain.totalNats()).isCloseTo(nats, within(1e-5));
    }
  }

  @Test
  void theMonteCarloBoundReadsRowsToTheLeftToo() {
    int[] tokens = {0, 2, 0, 1};
    try (TableBackbone shifted = TabularModels.shifted(INCONSISTENT, 0);
        KvCache network = new NoCache(shifted, new AttentionLayout.Full(), 0);
        TableBackbone aligned = TabularModels.aligned(INCONSISTENT, 0);
        KvCache other = new NoCache(aligned, new AttentionLayout.Full(), 0)) {
      Draws draws = new Draws(4, 3);
      double here =
          MonteCarloBound.score(network, shifted.config(), sampler, tokens, 1, draws, 7)
              .totalNats();
      MaskedEstimate estimate = new MaskedEstimate(network, V, sampler);
      MaskedEstimate expected = new MaskedEstimate(other, V, sampler);
      for (int bits = 1; bits < 8; bits++) {
        BitSet masked = BitSet.valueOf(new long[] {bits});
        BitSet later = BitSet.valueOf(new long[] {(long) bits << 1});
        double[] left = estimate.of(tokens, later, 1);
        double[] same = expected.of(new int[] {2, 0, 1}, masked, 1);
        assertThat(Arrays.copyOfRange(left, 1, 4)).containsExactly(same, within(1e-6));
      }
      assertThat(here).isPositive();
    }
  }

  private double chainRule(TabularNetwork table, int[] tokens, int blockSize) {
    return with(
        table,
        blockSize,
        (network, backbone) ->
            BlockScorer.score(network, backbone.config(), sampler, tokens, 0).totalNats());
  }

  private double enumerated(TabularNetwork table, int[] tokens) {
    return IntStream.rangeClosed(1, LENGTH)
        .mapToDouble(k -> expectedOver(table, tokens, 0, k) / LENGTH)
        .sum();
  }

  /** Mean of the bound's estimates over all sets of k masks from a position on. */
  private double expectedOver(TabularNetwork table, int[] tokens, int from, int k) {
    int length = tokens.length - from;
    return with(
        table,
        0,
        (network, backbone) -> {
          MaskedEstimate estimate = new MaskedEstimate(network, V, sampler);
          return IntStream.range(0, 1 << length)
              .mapToObj(bits -> BitSet.valueOf(new long[] {(long) bits << from}))
              .filter(masked -> masked.cardinality() == k)
              .mapToDouble(
                  masked -> Arrays.stream(estimate.of(tokens, masked, (double) k / length)).sum())
              .average()
              .orElseThrow();
        });
  }

  private interface Scoring {
    double of(KvCache network, TableBackbone backbone);
  }

  private static double with(TabularNetwork table, int blockSize, Scoring scoring) {
    AttentionLayout layout = layout(blockSize);
    try (TableBackbone backbone = TabularModels.aligned(table, blockSize);
        KvCache network = new NoCache(backbone, layout, 0)) {
      return scoring.of(network, backbone);
    }
  }

  private static AttentionLayout layout(int blockSize) {
    return blockSize == 0 ? new AttentionLayout.Full() : new AttentionLayout.BlockCausal(blockSize);
  }
}
