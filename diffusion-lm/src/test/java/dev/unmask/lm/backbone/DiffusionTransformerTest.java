package dev.unmask.lm.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout.BlockCausal;
import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiffusionTransformerTest {
  private static final int LENGTH = 12;
  private static final int BLOCK = 4;
  private static final BackboneConfig SHAPE =
      BackboneConfig.dit(11, 10, 2, 16, 2, LENGTH, new NoiseConditioning(8, true));

  /** Weights that are nowhere zero, so that every input has an effect. */
  private static Weights weights(BackboneConfig config) {
    KeyedRandom random = KeyedRandom.of(7);
    return Weights.create(
        config,
        parameter -> {
          float[] values = new float[(int) parameter.elements()];
          KeyedRandom own = random.split(parameter.name());
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (.3 * own.gaussian(i) + (parameter.decays() ? 0 : .5));
          }
          return values;
        });
  }

  private static DiffusionTransformer network() {
    return DiffusionTransformer.forDecoding(SHAPE, weights(SHAPE), Precision.F64);
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private static int[] tokens() {
    return IntStream.range(0, LENGTH).map(i -> (3 * i + 1) % 10).toArray();
  }

  @Test
  void theNoiseLevelChangesTheAnswerUnlessItIsNotTold() {
    BackboneConfig untold =
        BackboneConfig.dit(11, 10, 2, 16, 2, LENGTH, new NoiseConditioning(8, false));
    try (DiffusionTransformer told = network();
        DiffusionTransformer other =
            DiffusionTransformer.forDecoding(untold, weights(untold), Precision.F64)) {
      assertThat(logits(told, .5)).isNotEqualTo(logits(told, 2));
      assertThat(logits(other, .5)).isEqualTo(logits(other, 2)).isEqualTo(logits(told, 0));
    }
  }

  private static float[][] logits(DiffusionTransformer network, double noise) {
    int[] all = range(0, LENGTH);
    try (ForwardPass pass = network.forward(tokens(), all, null, new Full(), all, noise)) {
      return pass.logitsToHost();
    }
  }

  /**
   * A block computed behind cached clean blocks, and the same block in the one pass of training.
   */
  @Test
  void bothHalvesInOnePassAreACleanPassAndAPassForEachBlock() {
    int[] clean = tokens();
    int[] noisy = clean.clone();
    Arrays.fill(noisy, 5, 7, 10);
    Arrays.fill(noisy, 8, 11, 10);
    try (DiffusionTransformer network = network()) {
      float[][] together = network.logits(halves(noisy, clean));
      for (int from = 0; from < LENGTH; from += BLOCK) {
        float[][] alone = behindClean(network, noisy, clean, from);
        for (int i = 0; i < BLOCK; i++) {
          float[] columns = Arrays.copyOf(alone[i], together[from + i].length);
          assertThat(together[from + i]).containsExactly(columns, within(1e-5f));
        }
      }
    }
  }

  private static ScoredBatch halves(int[] noisy, int[] clean) {
    int[] ids = Arrays.copyOf(noisy, 2 * LENGTH);
    System.arraycopy(clean, 0, ids, LENGTH, LENGTH);
    return new ScoredBatch(
        1,
        ids,
        IntStream.range(0, 2 * LENGTH).map(i -> i % LENGTH).toArray(),
        new NoisyThenClean(BLOCK, LENGTH),
        range(0, LENGTH),
        clean,
        new float[LENGTH]);
  }

  private static float[][] behindClean(
      DiffusionTransformer network, int[] noisy, int[] clean, int from) {
    int[] block = Arrays.copyOfRange(noisy, from, from + BLOCK);
    int[] positions = range(from, from + BLOCK);
    BlockCausal attention = new BlockCausal(BLOCK);
    if (from == 0) {
      try (ForwardPass pass = network.forward(block, positions, null, attention, range(0, BLOCK))) {
        return pass.logitsToHost();
      }
    }
    int[] before = Arrays.copyOf(clean, from);
    try (ForwardPass past =
            network.forward(before, range(0, from), null, attention, new int[] {0});
        ForwardPass pass =
            network.forward(block, positions, past.keyValues(), attention, range(0, BLOCK))) {
      return pass.logitsToHost();
    }
  }

  @Test
  void learnsByScoreEntropyAndByCrossEntropyFromItsInitialWeights() {
    for (Criterion criterion :
        new Criterion[] {
          new Criterion.CrossEntropy(),
          new Criterion.ScoreEntropy(true, true),
          new Criterion.ScoreEntropy(false, false)
        }) {
      try (TrainableBackbone network =
          TrainableBackbone.of(SHAPE, Weights.random(SHAPE, 1), Precision.F32)) {
        Loss loss = network.differentiate(scored(criterion));
        assertThat(loss.value()).as("%s", criterion).isFinite().isPositive();
        assertThat(network.evaluate(scored(criterion)).value())
            .isCloseTo(loss.value(), within(1e-6 * loss.value()));
      }
    }
  }

  private static ScoredBatch scored(Criterion criterion) {
    int[] noisy = tokens();
    Arrays.fill(noisy, 2, 6, 10);
    int[] rows = range(2, 6);
    float[] weights = new float[rows.length];
    Arrays.fill(weights, 1f / LENGTH);
    return new ScoredBatch(
        1,
        noisy,
        range(0, LENGTH),
        new Full(),
        rows,
        Arrays.copyOfRange(tokens(), 2, 6),
        weights,
        new double[] {.4},
        criterion);
  }

  @Test
  void aNetworkThatIsNotToldTheNoiseRefusesScoreEntropy() {
    BackboneConfig radd = BackboneConfig.radd(11, 1, 16, 2, LENGTH);
    try (TrainableBackbone network =
        TrainableBackbone.of(radd, Weights.random(radd, 1), Precision.F32)) {
      assertThatThrownBy(
              () -> network.differentiate(scored(new Criterion.ScoreEntropy(true, true))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not told the noise level");
    }
  }
}
