package dev.unmask.lm.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.objective.MaskedDenoising.Weighting;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.toys.ExactLikelihood;
import dev.unmask.lm.toys.TabularJoint;
import dev.unmask.lm.toys.TabularLoss;
import dev.unmask.lm.toys.TabularNetwork;
import dev.unmask.lm.toys.Toys;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Expectations of the losses by enumeration over all masks, for networks that are tables. */
@Covers(
    method = "radd",
    parts = {Part.SCORE})
@Covers(
    method = "smdm",
    parts = {Part.SCORE})
class ExactBoundsTest {
  private static final int LENGTH = 3;
  private static final TabularNetwork NETWORK = Toys.inconsistent(LENGTH, 3, 1);
  private static final TabularJoint JOINT = Toys.joint(LENGTH, 3, 2);

  /** Time integrals end at 1e-9 instead of 0. */
  private static final double TOLERANCE = 1e-5;

  @Test
  void countedMasksHaveTheExpectationOfAllOrders() {
    expectAnyOrder(counted());
  }

  @Test
  void maskProbabilitiesHaveTheExpectationOfAllOrders() {
    MaskedDenoising lambda = new MaskedDenoising(Weighting.LAMBDA);
    expectAnyOrder(
        ExactLikelihood.overTime(LENGTH, 1e-9, 1, t -> t, t -> lambda.weight(t, LENGTH)));
  }

  /**
   * Only where the schedule ends makes a difference: at 1 - epsilon of masks for the log-linear.
   */
  @Test
  void timesHaveTheExpectationOfAllOrdersUnderEverySchedule() {
    expectAnyOrder(inTime(new NoiseSchedule.LogLinear(0), 1e-9, 1 - 1e-12));
    expectAnyOrder(inTime(new NoiseSchedule.Geometric(1e-7, 40), 0, 1));
  }

  @Test
  void trueConditionalsMakeEveryBoundTheLikelihoodItself() {
    ExactLikelihood exact = new ExactLikelihood(JOINT);
    for (int[] sequence : TabularNetwork.all(3, LENGTH)) {
      double nats = -Math.log(JOINT.marginal(sequence));
      assertThat(exact.expected(sequence, counted())).isCloseTo(nats, within(1e-9));
      assertThat(exact.anyOrder(sequence)).isCloseTo(nats, within(1e-9));
      for (int blockSize = 1; blockSize <= LENGTH; blockSize++) {
        assertThat(exact.blocks(sequence, blockSize)).isCloseTo(nats, within(1e-9));
      }
    }
  }

  @Test
  void anyOtherNetworkIsAboveTheEntropyOnAverage() {
    ExactLikelihood network = new ExactLikelihood(NETWORK);
    double bound = 0;
    double entropy = 0;
    for (int[] sequence : TabularNetwork.all(3, LENGTH)) {
      double p = JOINT.marginal(sequence);
      bound += p * network.anyOrder(sequence);
      entropy -= p * Math.log(p);
    }
    assertThat(bound).isGreaterThan(entropy);
  }

  /**
   * A mask probability that never falls below a thousandth, divided by itself: one mask alone
   * counts in full, several count a little too often together.
   */
  @Test
  void aLeastMaskProbabilityMakesTheBoundSlightlyHigh() {
    TabularJoint joint = new TabularJoint(new double[] {.4, .1, .2, .3}, 2, 2);
    double bound =
        ExactLikelihood.integral(t -> linear(joint, LinearMasking.maskProbability(t)), 0, 1);
    assertThat(bound).isCloseTo(0.9165784139, within(1e-7));
    assertThat(bound).isGreaterThan(-Math.log(.4));
  }

  /** Expected loss of the first sequence over all masks of a probability. */
  private static double linear(TabularJoint joint, double probability) {
    LinearMasking objective = new LinearMasking(Alignment.SAME_POSITION, 0);
    double nats = 0;
    for (long bits = 1; bits < 4; bits++) {
      BitSet masked = BitSet.valueOf(new long[] {bits});
      int k = masked.cardinality();
      ScoredBatch batch =
          objective.batch(new int[1][2], List.of(masked), new double[] {probability}, 2);
      double chance = Math.pow(probability, k) * Math.pow(1 - probability, 2 - k);
      nats += chance * 2 * TabularLoss.of(batch, joint);
    }
    return nats;
  }

  /** Every set of k masks alike, its tokens with the weight that the objective gives them. */
  private static IntToDoubleFunction counted() {
    MaskedDenoising counting = new MaskedDenoising(Weighting.K);
    return k -> {
      double probability = 1 / (LENGTH * choose(k));
      return probability * counting.weight((k - 0.5) / LENGTH, LENGTH);
    };
  }

  private static double choose(int k) {
    return k == 1 || k == LENGTH - 1 ? LENGTH : 1;
  }

  private static IntToDoubleFunction inTime(NoiseSchedule schedule, double low, double high) {
    MaskedDenoising timed = new MaskedDenoising(Weighting.T, schedule);
    return ExactLikelihood.overTime(
        LENGTH, low, high, schedule::maskProbability, t -> timed.weight(t, LENGTH));
  }

  private static void expectAnyOrder(IntToDoubleFunction weight) {
    ExactLikelihood network = new ExactLikelihood(NETWORK);
    for (int[] sequence : TabularNetwork.all(3, LENGTH)) {
      assertThat(network.expected(sequence, weight))
          .isCloseTo(network.anyOrder(sequence), within(TOLERANCE));
    }
  }
}
