package dev.unmask.lm.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.objective.BlockDiffusion.Noise;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockDiffusionTest {
  private static final int VOCABULARY = 11;
  private static final int MASK = VOCABULARY;
  private static final int SHORT = 12;

  /** 200 tokens are three segments of the attention; the blocks of 7 leave a shorter last one. */
  @ParameterizedTest
  @CsvSource({"12,1", "12,2", "12,4", "12,5", "12,12", "200,4", "200,7", "200,96"})
  void onePassOverBothHalvesEqualsAPassForEachBlockAfterItsCleanPrefix(int length, int blockSize) {
    int[][] clean = {ids(length, 1), ids(length, 2)};
    ScoredBatch batch = new BlockDiffusion(blockSize).batch(clean, MASK, KeyedRandom.of(9));
    try (Transformer network = network(256)) {
      float[] actual = network.evaluate(batch).nats();

      assertThat(actual)
          .containsExactly(blockByBlock(network, batch, clean, blockSize), within(2e-4f));
    }
  }

  private static float[] blockByBlock(
      Transformer network, ScoredBatch batch, int[][] clean, int blockSize) {
    int length = clean[0].length;
    float[] nats = new float[batch.rows().length];
    for (int row = 0; row < clean.length; row++) {
      for (int from = 0; from < length; from += blockSize) {
        int to = Math.min(length, from + blockSize);
        int at = row * 2 * length;
        int[] noisy = Arrays.copyOfRange(batch.ids(), at + from, at + to);
        float[][] logits = denoise(network, clean[row], noisy, from, blockSize);
        for (int i = 0; i < nats.length; i++) {
          int position = batch.rows()[i] - row * length;
          if (position >= from && position < to) {
            nats[i] = crossEntropy(logits[position - from], batch.targets()[i]);
          }
        }
      }
    }
    return nats;
  }

  private static float[][] denoise(
      Transformer network, int[] clean, int[] noisy, int from, int blockSize) {
    try (KeyValues prefix = prefix(network, clean, from, blockSize);
        ForwardPass pass =
            network.forward(
                noisy,
                range(from, from + noisy.length),
                prefix,
                new Full(),
                range(0, noisy.length))) {
      return pass.logitsToHost();
    }
  }

  private static @Nullable KeyValues prefix(
      Transformer network, int[] clean, int length, int blockSize) {
    if (length == 0) {
      return null;
    }
    try (ForwardPass pass =
        network.forward(
            Arrays.copyOf(clean, length),
            range(0, length),
            null,
            new BlockCausal(blockSize),
            new int[] {0})) {
      return pass.takeKeyValues();
    }
  }

  private static float crossEntropy(float[] logits, int target) {
    double sum = 0;
    for (int id = 0; id < MASK; id++) { // the mask token is never a prediction
      sum += Math.exp(logits[id]);
    }
    return (float) (Math.log(sum) - logits[target]);
  }

  @Test
  void blocksOfOneTokenMaskEverythingAndWeighItEqually() {
    ScoredBatch batch =
        new BlockDiffusion(1).batch(new int[][] {ids(SHORT, 1)}, MASK, KeyedRandom.of(1));

    assertThat(batch.rows()).isEqualTo(range(0, SHORT));
    assertThat(batch.weights()).containsOnly(1f / SHORT);
  }

  @Test
  void oneBlockOfTheWholeLengthEqualsFullAttention() {
    int[][] clean = {ids(SHORT, 3)};
    ScoredBatch blocks = new BlockDiffusion(SHORT).batch(clean, MASK, KeyedRandom.of(4));
    ScoredBatch full =
        new ScoredBatch(
            1,
            Arrays.copyOf(blocks.ids(), SHORT),
            range(0, SHORT),
            new Full(),
            blocks.rows(),
            blocks.targets(),
            blocks.weights());
    try (Transformer network = network(SHORT)) {
      Loss expected = network.evaluate(full);

      Loss actual = network.evaluate(blocks);

      assertThat(actual.value()).isCloseTo(expected.value(), within(1e-5));
      assertThat(actual.nats()).containsExactly(expected.nats(), within(1e-4f));
    }
  }

  @Test
  void aBlockDoesNotDependOnOtherNoisyBlocksNorOnCleanTokensFromItsOwnOn() {
    int[][] clean = {ids(SHORT, 5)};
    ScoredBatch batch = new BlockDiffusion(4).batch(clean, MASK, KeyedRandom.of(6));
    int[] changed = batch.ids().clone();
    for (int position = 0; position < SHORT; position++) {
      boolean noisyOfAnotherBlock = position / 4 != 1;
      boolean cleanFromItsOwnBlockOn = position / 4 >= 1;
      changed[position] = noisyOfAnotherBlock ? 1 : changed[position];
      changed[SHORT + position] = cleanFromItsOwnBlockOn ? 2 : changed[SHORT + position];
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
    try (Transformer network = network(SHORT)) {
      float[] before = network.evaluate(batch).nats();

      float[] after = network.evaluate(other).nats();

      for (int i = 0; i < before.length; i++) {
        if (batch.rows()[i] / 4 == 1) {
          assertThat(after[i]).isEqualTo(before[i]);
        }
      }
      assertThat(after).isNotEqualTo(before);
    }
  }

  /** Weights of 1 / p reach a thousand, so those averages settle slowly; counted noise does not. */
  @ParameterizedTest
  @CsvSource({"COUNT, 0.01", "PER_BLOCK, 0.15", "PER_SEQUENCE, 0.15"})
  void hasTheSameExpectationHoweverNoiseIsDrawn(Noise noise, double tolerance) {
    int[][] clean = new int[96][];
    Arrays.fill(clean, ids(4, 7));
    try (Transformer network = network(4)) {
      double sum = 0;
      int batches = 60;
      for (int i = 0; i < batches; i++) {
        BlockDiffusion objective = new BlockDiffusion(2, noise);
        sum += network.evaluate(objective.batch(clean, MASK, KeyedRandom.of(i))).value();
      }

      assertThat(sum / batches).isCloseTo(exact(network, clean[0]), within(tolerance));
    }
  }

  /**
   * Both ways to mask one token of a block, and the one to mask both, each with weight 1/2 a token.
   */
  private static double exact(Transformer network, int[] clean) {
    double nats = 0;
    for (int from = 0; from < clean.length; from += 2) {
      int[][] noisy = {{MASK, clean[from + 1]}, {clean[from], MASK}, {MASK, MASK}};
      for (int[] block : noisy) {
        float[][] logits = denoise(network, clean, block, from, 2);
        for (int i = 0; i < 2; i++) {
          nats += block[i] == MASK ? crossEntropy(logits[i], clean[from + i]) / 2 : 0;
        }
      }
    }
    return nats / clean.length;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void countedNoiseLeavesNoBlockWithoutAMaskAndWeighsEachBlockAlike(int blockSize) {
    for (int seed = 0; seed < 20; seed++) {
      ScoredBatch batch =
          new BlockDiffusion(blockSize)
              .batch(new int[][] {ids(SHORT, seed)}, MASK, KeyedRandom.of(seed));

      double[] perBlock = new double[(SHORT + blockSize - 1) / blockSize];
      for (int i = 0; i < batch.rows().length; i++) {
        perBlock[batch.rows()[i] / blockSize] += batch.weights()[i];
      }
      for (int block = 0; block < perBlock.length; block++) {
        int size = Math.min(blockSize, SHORT - block * blockSize);
        assertThat(perBlock[block]).isCloseTo((double) size / SHORT, within(1e-6));
      }
    }
  }

  @Test
  void theSameKeyGivesTheSameBatch() {
    int[][] clean = {ids(SHORT, 1), ids(SHORT, 2)};
    BlockDiffusion objective = new BlockDiffusion(4, Noise.PER_BLOCK);

    ScoredBatch first = objective.batch(clean, MASK, KeyedRandom.of(8));
    ScoredBatch second = objective.batch(clean, MASK, KeyedRandom.of(8));

    assertThat(second.ids()).isEqualTo(first.ids());
    assertThat(second.weights()).isEqualTo(first.weights());
  }

  private static Transformer network(int context) {
    BackboneConfig config = BackboneConfig.llama(VOCABULARY + 1, 2, 32, 2, 48, context, 0);
    Weights weights =
        Weights.create(
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
    return Transformer.forDecoding(config, weights, Precision.F32);
  }

  private static int[] ids(int count, int seed) {
    KeyedRandom random = KeyedRandom.of(seed);
    return IntStream.range(0, count).map(i -> random.nextInt(VOCABULARY, i)).toArray();
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
