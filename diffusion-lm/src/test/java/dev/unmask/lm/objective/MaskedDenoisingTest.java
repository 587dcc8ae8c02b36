package dev.unmask.lm.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.Loss;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.backbone.Transformer;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.objective.MaskedDenoising.Weighting;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Covers(
    method = "radd",
    parts = {Part.TRAIN})
class MaskedDenoisingTest {
  private static final int VOCABULARY = 5;
  private static final int MASK = VOCABULARY;
  private static final int[] CLEAN = {3, 0, 4, 1};

  /** The log-linear schedule masks slightly too little for its weight, hence the wider bound. */
  @ParameterizedTest
  @CsvSource({"LAMBDA, 0.02", "T, 0.03", "K, 0.015"})
  void everyWeightingIsTheSameBoundOnAnyNetwork(Weighting weighting, double tolerance) {
    int[][] clean = new int[128][];
    Arrays.fill(clean, CLEAN);
    try (Transformer network = network()) {
      double sum = 0;
      int batches = 80;
      for (int i = 0; i < batches; i++) {
        ScoredBatch batch = new MaskedDenoising(weighting).batch(clean, MASK, KeyedRandom.of(i));
        sum += network.evaluate(batch).value();
      }
      double exact = anyOrderLikelihood(network);

      assertThat(sum / batches).isCloseTo(exact, within(tolerance * exact));
    }
  }

  /**
   * Sum over every non-empty set S of masks of w(|S|) times its cross-entropy, w(k) = 1/(k C(L,k)).
   */
  private static double anyOrderLikelihood(Transformer network) {
    int length = CLEAN.length;
    double[] binomial = {1, 4, 6, 4, 1};
    double nats = 0;
    for (int set = 1; set < 1 << length; set++) {
      int[] corrupted = CLEAN.clone();
      ScoredTokens scored = new ScoredTokens(length);
      int count = Integer.bitCount(set);
      for (int i = 0; i < length; i++) {
        if ((set >> i & 1) == 1) {
          corrupted[i] = MASK;
          scored.add(i, CLEAN[i], 1 / (count * binomial[count]));
        }
      }
      nats +=
          network
              .evaluate(
                  new ScoredBatch(
                      1,
                      corrupted,
                      Sequences.positions(length),
                      new Full(),
                      scored.rows(),
                      scored.targets(),
                      scored.weights()))
              .value();
    }
    return nats / length;
  }

  @Test
  void onlyMaskedPositionsAreScored() {
    int[][] clean = {CLEAN, {1, 1, 2, 2}};
    for (int seed = 0; seed < 30; seed++) {
      ScoredBatch batch = new MaskedDenoising(Weighting.K).batch(clean, MASK, KeyedRandom.of(seed));

      for (int i = 0; i < batch.rows().length; i++) {
        assertThat(batch.ids()[batch.rows()[i]]).isEqualTo(MASK);
        assertThat(batch.targets()[i]).isEqualTo(clean[batch.rows()[i] / 4][batch.rows()[i] % 4]);
      }
    }
  }

  @Test
  void aBatchThatChanceLeftCleanCountsNothing() {
    ScoredTokens nothing = new ScoredTokens(1).orNothing(3);

    assertThat(nothing.rows()).containsExactly(0);
    assertThat(nothing.weights()).containsExactly(0);
  }

  @Test
  void gradientsVanishWhereNothingIsScored() {
    ScoredBatch batch =
        new ScoredBatch(
            1,
            CLEAN,
            Sequences.positions(4),
            new Full(),
            new int[] {0},
            new int[] {3},
            new float[] {0});
    BackboneConfig config = BackboneConfig.llama(VOCABULARY + 1, 1, 8, 1, 8, 4, 0);
    try (Transformer network =
        Transformer.forTraining(config, Weights.random(config, 1), Precision.F32)) {
      Loss loss = network.differentiate(batch);

      assertThat(loss.value()).isZero();
      for (var tensor : network.weights().present()) {
        try (var gradient = tensor.getGradient()) {
          assertThat(gradient.abs().max().getFloat()).isZero();
        }
      }
    }
  }

  private static Transformer network() {
    BackboneConfig config = BackboneConfig.radd(VOCABULARY + 1, 2, 16, 2, 4);
    return Transformer.forDecoding(config, Weights.random(config, 2), Precision.F32);
  }
}
