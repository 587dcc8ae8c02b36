package dev.unmask.lm.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.TokenGraph;
import dev.unmask.lm.family.bd3lm.ClippedBlockDiffusion;
import dev.unmask.lm.family.dream.ContextAdaptiveDenoising;
import dev.unmask.lm.family.fastdllm2.ComplementaryBlockDiffusion;
import dev.unmask.lm.family.mdlm.Nelbo;
import dev.unmask.lm.family.sdar.PackedBlockDiffusion;
import dev.unmask.lm.family.sedd.ScoreEntropy;
import dev.unmask.lm.objective.AnswerMasking;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.objective.LinearMasking;
import dev.unmask.lm.objective.MaskedDenoising;
import dev.unmask.lm.objective.MaskedDenoising.Weighting;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MaskRatioTallyTest {
  private static final int LENGTH = 20;
  private static final int ROWS = 24;
  private static final int MASK = 12;

  static Stream<Objective> masking() {
    return Stream.of(
        new MaskedDenoising(Weighting.K),
        new MaskedDenoising(Weighting.LAMBDA),
        new LinearMasking(Alignment.SAME_POSITION, 0.3),
        new LinearMasking(Alignment.SHIFTED, 0.3),
        new AnswerMasking(AnswerMasking.Mean.PER_TOKEN),
        new ContextAdaptiveDenoising(),
        new Nelbo(),
        new BlockDiffusion(5),
        new BlockDiffusion(LENGTH),
        new ClippedBlockDiffusion(4),
        new ComplementaryBlockDiffusion(5));
  }

  static Stream<Objective> notMasking() {
    return Stream.of(
        new Autoregressive(),
        new ScoreEntropy(new TokenGraph.Absorbing(MASK), new NoiseSchedule.LogLinear(), true),
        new PackedBlockDiffusion(5, MASK - 1));
  }

  /** Each token is placed by the masks that the network sees, counted another way. */
  @ParameterizedTest
  @MethodSource("masking")
  void placesEveryMaskedTokenByWhatIsMaskedAroundIt(Objective objective) {
    long[] tokens = new long[LossByMaskRatio.BINS];
    double[] nats = new double[LossByMaskRatio.BINS];

    ValidationReport report =
        new Batches(rows(), MASK)
            .validate(
                objective,
                4,
                ROWS,
                batch -> {
                  Loss loss = anyLoss(batch);
                  count(batch, loss.nats(), tokens, nats);
                  return loss;
                });

    LossByMaskRatio found = Objects.requireNonNull(report.byMaskRatio());
    assertThat(found.tokens()).isEqualTo(Arrays.stream(tokens).boxed().toList());
    for (int bin = 0; bin < LossByMaskRatio.BINS; bin++) {
      assertThat(found.nats().get(bin)).isEqualTo(nats[bin]);
    }
    assertThat(found.tokens().stream().filter(count -> count > 0).count()).isGreaterThan(3);
  }

  /** Rows come in the order of positions, so the scored ones are the masked ones in turn. */
  private static void count(ScoredBatch batch, float[] losses, long[] tokens, double[] nats) {
    boolean blocks = batch.layout() instanceof NoisyThenClean;
    int length = blocks ? batch.columns() / 2 : batch.columns();
    int size =
        batch.layout() instanceof NoisyThenClean(int blockSize, int any) ? blockSize : length;
    int row = 0;
    for (int sequence = 0; sequence < batch.sequences(); sequence++) {
      int first = sequence * batch.columns();
      for (int from = 0; from < length; from += size) {
        int start = first + from;
        int masked =
            (int) IntStream.range(start, start + size).filter(i -> batch.ids()[i] == MASK).count();
        int scored =
            (int)
                IntStream.range(start, start + size)
                    .filter(i -> batch.ids()[i] == MASK && !(unscoredFirst(batch) && i == first))
                    .count();
        int bin = Math.min(9, scored * 10 / size);
        assertThat(scored).isBetween(masked - 1, masked);
        for (int i = 0; i < scored; i++) {
          tokens[bin]++;
          nats[bin] += losses[row++];
        }
      }
    }
    if (row > 0) {
      assertThat(row).isEqualTo(losses.length);
    }
  }

  /** Nothing stands before a first token that a row to its left could predict it. */
  private static boolean unscoredFirst(ScoredBatch batch) {
    return batch.layout() instanceof NoisyThenClean(int blockSize, int length)
        && Arrays.stream(batch.rows())
            .anyMatch(row -> batch.ids()[2 * length * (row / length) + row % length] != MASK);
  }

  @ParameterizedTest
  @MethodSource("notMasking")
  void saysNothingOfMethodsWithoutMaskRatios(Objective objective) {
    assertThat(new Batches(rows(), MASK).validate(objective, 4, 8, MaskRatioTallyTest::anyLoss))
        .extracting(ValidationReport::byMaskRatio)
        .isNull();
  }

  /** The mean of the batches' losses by their tokens, as if there were no mask ratios. */
  @Test
  void leavesTheLossItselfAsItIs() {
    Objective objective = new MaskedDenoising(Weighting.LAMBDA);
    KeyedRandom random = KeyedRandom.of(20_240_917);
    double nats = 0;
    for (int from = 0; from < 10; from += 4) {
      int to = Math.min(from + 4, 10);
      int[][] clean = IntStream.range(from, to).mapToObj(rows()::sequence).toArray(int[][]::new);
      nats +=
          (to - from) * LENGTH * anyLoss(objective.batch(clean, MASK, random.split(from))).value();
    }

    ValidationReport report =
        new Batches(rows(), MASK).validate(objective, 4, 10, MaskRatioTallyTest::anyLoss);

    assertThat(report.natsPerToken()).isEqualTo(nats / (10 * LENGTH));
    assertThat(report.tokens()).isEqualTo(10 * LENGTH);
  }

  @Test
  void putsAFullyMaskedSequenceIntoTheLastBin() {
    MaskRatioTally tally = new MaskRatioTally(MASK);
    int[][] clean = {rows().sequence(0)};
    ScoredBatch all =
        new LinearMasking(Alignment.SAME_POSITION, 0)
            .batch(clean, List.of(all()), new double[] {1}, MASK);

    tally.add(all, anyLoss(all).nats(), LENGTH);

    assertThat(Objects.requireNonNull(tally.result()).tokens())
        .containsExactly(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, (long) LENGTH);
  }

  private static java.util.BitSet all() {
    java.util.BitSet all = new java.util.BitSet();
    all.set(0, LENGTH);
    return all;
  }

  /** A loss that tells rows and batches apart. */
  private static Loss anyLoss(ScoredBatch batch) {
    float[] nats = new float[batch.rows().length];
    double value = 0;
    for (int i = 0; i < nats.length; i++) {
      nats[i] = 0.1f + batch.rows()[i] % 7 + batch.targets()[i] / 16f;
      value += nats[i] * batch.weights()[i];
    }
    return new Loss(value, nats);
  }

  private static PackedSequences rows() {
    int[] ids = IntStream.range(0, ROWS * LENGTH).map(i -> (i * 5 + i / 7) % (MASK - 1)).toArray();
    return PackedSequences.of(ids, LENGTH, MASK - 1);
  }
}
