package dev.unmask.lm.family.bd3lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import dev.unmask.lm.backbone.NoiseConditioning;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Covers(
    method = "bd3lm",
    parts = {Part.TRAIN, Part.SCORE})
class ClippedBlockDiffusionTest {
  private static final int MASK = 11;
  private static final int LENGTH = 12;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 12})
  void onePassOverBothHalvesEqualsAPassForEachBlockAfterItsCleanPrefix(int blockSize) {
    int[][] clean = {ids(1), ids(2)};
    ScoredBatch batch = new ClippedBlockDiffusion(blockSize).batch(clean, MASK, KeyedRandom.of(3));
    try (DiffusionTransformer network = network()) {
      float[] nats = network.evaluate(batch).nats();

      for (int i = 0; i < nats.length; i++) {
        int row = batch.rows()[i] / LENGTH;
        int position = batch.rows()[i] % LENGTH;
        int from = position / blockSize * blockSize;
        int to = Math.min(LENGTH, from + blockSize);
        int[] noisy =
            Arrays.copyOfRange(batch.ids(), 2 * row * LENGTH + from, 2 * row * LENGTH + to);
        float[] logits = denoised(network, clean[row], noisy, from, position - from, blockSize);
        assertThat(nats[i]).isCloseTo(nats(logits, batch.targets()[i]), within(2e-4f));
      }
    }
  }

  private static float[] denoised(
      DiffusionTransformer network, int[] clean, int[] noisy, int from, int row, int blockSize) {
    int[] positions = IntStream.range(from, from + noisy.length).toArray();
    if (from == 0) {
      try (ForwardPass pass =
          network.forward(noisy, positions, null, new Full(), new int[] {row})) {
        return pass.logitsToHost()[0];
      }
    }
    int[] before = IntStream.range(0, from).toArray();
    try (ForwardPass prefix =
            network.forward(
                Arrays.copyOf(clean, from), before, null, new BlockCausal(blockSize), before);
        KeyValues past = prefix.takeKeyValues();
        ForwardPass pass = network.forward(noisy, positions, past, new Full(), new int[] {row})) {
      return pass.logitsToHost()[0];
    }
  }

  private static float nats(float[] logits, int target) {
    double sum = 0;
    for (int id = 0; id < MASK; id++) {
      sum += Math.exp(logits[id]);
    }
    return (float) (Math.log(sum) - logits[target]);
  }

  @Test
  void oneBlockOfTheWholeLengthIsSequenceDiffusion() {
    int[][] clean = {ids(5)};
    ScoredBatch blocks = new ClippedBlockDiffusion(LENGTH).batch(clean, MASK, KeyedRandom.of(6));
    ScoredBatch full =
        new ScoredBatch(
            1,
            Arrays.copyOf(blocks.ids(), LENGTH),
            IntStream.range(0, LENGTH).toArray(),
            new Full(),
            blocks.rows(),
            blocks.targets(),
            blocks.weights());
    try (DiffusionTransformer network = network()) {
      assertThat(network.evaluate(blocks).value())
          .isCloseTo(network.evaluate(full).value(), within(1e-5));
    }
  }

  @Test
  void aBlockDependsNeitherOnOtherNoiseNorOnCleanTokensFromItsOwnOn() {
    ScoredBatch batch =
        new ClippedBlockDiffusion(4).batch(new int[][] {ids(7)}, MASK, KeyedRandom.of(8));
    int[] changed = batch.ids().clone();
    for (int position = 0; position < LENGTH; position++) {
      changed[position] = position / 4 == 1 ? changed[position] : 1;
      changed[LENGTH + position] = position / 4 == 0 ? changed[LENGTH + position] : 2;
    }
    ScoredBatch other =
        new ScoredBatch(
            1,
            changed,
            batch.positions(),
            batch.layout(),
            batch.rows(),
            batch.targets(),
            batch.weights());
    try (DiffusionTransformer network = network()) {
      float[] before = network.evaluate(batch).nats();
      float[] after = network.evaluate(other).nats();
      for (int i = 0; i < before.length; i++) {
        if (batch.rows()[i] / 4 == 1) {
          assertThat(after[i]).isEqualTo(before[i]);
        }
      }
    }
  }

  @Test
  void blocksOfOneTokenAtTheLastTimeMaskEverythingAndWeighItEqually() {
    ScoredBatch batch =
        new ClippedBlockDiffusion(1)
            .withClipping(new Clipping(1, 1))
            .batch(new int[][] {ids(9)}, MASK, KeyedRandom.of(1));

    assertThat(batch.rows()).isEqualTo(IntStream.range(0, LENGTH).toArray());
    assertThat(batch.weights()).containsOnly(1f / LENGTH);
  }

  @Test
  void redrawnMasksStayInsideTheClipping() {
    ClippedBlockDiffusion objective =
        new ClippedBlockDiffusion(4, new BlockNoise.Linear(), new Clipping(0.3, 0.8), true, false);
    for (int seed = 0; seed < 50; seed++) {
      ScoredBatch batch = objective.batch(new int[][] {ids(seed)}, MASK, KeyedRandom.of(seed));
      for (int block = 0; block < LENGTH / 4; block++) {
        int first = 4 * block;
        long masks = IntStream.range(first, first + 4).filter(i -> batch.ids()[i] == MASK).count();
        assertThat(masks / 4.0).isBetween(0.3, 0.8);
      }
    }
  }

  @Test
  void aGivenFirstTokenIsNeverMasked() {
    ClippedBlockDiffusion objective =
        new ClippedBlockDiffusion(4, new BlockNoise.Linear(), new Clipping(0.99, 1), false, true);

    ScoredBatch batch = objective.batch(new int[][] {ids(1)}, MASK, KeyedRandom.of(1));

    assertThat(batch.ids()[0]).isNotEqualTo(MASK);
  }

  @Test
  void theSearchFindsTheIntervalOfTheLeastVariance() {
    ClipSearch search = new ClipSearch();
    Clipping wanted = search.intervals().get(7);

    ClipSearch.Found best =
        search.best(
            clipping -> clipping.equals(wanted) ? new double[] {1, 1.1} : new double[] {1, 2});

    assertThat(best.clipping()).isEqualTo(wanted);
    assertThat(best.variance()).isCloseTo(0.005, within(1e-9));
    assertThat(search.best(clipping -> new double[] {1}).clipping()).isEqualTo(Clipping.FULL);
    assertThat(search.intervals())
        .allMatch(clipping -> clipping.low() >= 1e-3 && clipping.high() <= 1)
        .contains(new Clipping(1e-3, 0.5));
  }

  private static DiffusionTransformer network() {
    BackboneConfig config =
        BackboneConfig.dit(MASK + 1, MASK, 2, 32, 2, LENGTH, new NoiseConditioning(8, false));
    return DiffusionTransformer.forDecoding(config, weights(config), Precision.F32);
  }

  static Weights weights(BackboneConfig config) {
    return Weights.create(
        config,
        parameter -> {
          KeyedRandom random = KeyedRandom.of(parameter.name().hashCode());
          int size = (int) Arrays.stream(parameter.dimensions()).reduce(1, (a, b) -> a * b);
          float[] values = new float[size];
          for (int i = 0; i < size; i++) {
            values[i] = (float) (random.gaussian(i) * (parameter.decays() ? 0.3 : 1));
          }
          return values;
        });
  }

  private static int[] ids(int seed) {
    KeyedRandom random = KeyedRandom.of(seed);
    return IntStream.range(0, LENGTH).map(i -> random.nextInt(MASK, i)).toArray();
  }
}
