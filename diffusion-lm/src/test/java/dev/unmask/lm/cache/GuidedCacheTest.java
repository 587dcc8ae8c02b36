package dev.unmask.lm.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.decoding.TinyModel;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class GuidedCacheTest {
  private static final int MASK = TinyModel.VOCABULARY - 1;
  private static final int[] CANVAS = {3, 1, 4, MASK, MASK, 9, MASK};
  private static final Block BLOCK = new Block(3, 7);
  private static final int[] ROWS = {3, 4, 6};

  @Test
  void movesLogitsAwayFromThoseWithoutWhatIsGiven() {
    BitSet given = given(0, 1, 2);
    try (TinyModel network = TinyModel.random(3, 0)) {
      float[][] with = logits(new NoCache(network, new AttentionLayout.Full(), 0), CANVAS);
      float[][] without =
          logits(
              new NoCache(network, new AttentionLayout.Full(), 0),
              new int[] {MASK, MASK, MASK, MASK, MASK, 9, MASK});

      float[][] guided = logits(guided(network, given, 1.5), CANVAS);

      for (int row = 0; row < guided.length; row++) {
        for (int column = 0; column < MASK; column++) {
          double expected = without[row][column] + 2.5 * (with[row][column] - without[row][column]);
          assertThat((double) guided[row][column]).isCloseTo(expected, within(1e-4));
        }
      }
    }
  }

  @Test
  void changesNothingWhereNothingIsGiven() {
    try (TinyModel network = TinyModel.random(3, 0)) {
      float[][] plain = logits(new NoCache(network, new AttentionLayout.Full(), 0), CANVAS);

      float[][] guided = logits(guided(network, new BitSet(), 2), CANVAS);

      for (int row = 0; row < guided.length; row++) {
        assertThat(guided[row]).containsExactly(plain[row], within(1e-4f));
      }
    }
  }

  /**
   * Probabilities are those with what is given, to the power 1 + w, over those without to the w.
   */
  @Test
  void theGuidedDistributionIsAQuotientOfPowers() {
    BitSet given = given(0, 1, 2);
    try (TinyModel network = TinyModel.random(3, 0)) {
      int[] hidden = CANVAS.clone();
      given.stream().forEach(i -> hidden[i] = MASK);
      double[] with = softmax(logits(new DualCache(network), CANVAS)[0]);
      double[] without = softmax(logits(new DualCache(network), hidden)[0]);
      for (double w : new double[] {0.25, 1, 3}) {
        double[] guided = softmax(logits(guided(network, given, w), CANVAS)[0]);
        double[] expected = new double[guided.length];
        Arrays.setAll(expected, v -> Math.pow(with[v], 1 + w) / Math.pow(without[v], w));
        double sum = Arrays.stream(expected).sum();
        for (int v = 0; v < expected.length; v++) {
          assertThat(guided[v]).isCloseTo(expected[v] / sum, within(1e-4));
        }
      }
    }
  }

  private static double[] softmax(float[] logits) {
    double[] p = new double[logits.length];
    Arrays.setAll(p, v -> Math.exp(logits[v]));
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(x -> x / sum).toArray();
  }

  @Test
  void leavesTheCallersCanvasAsItIs() {
    int[] canvas = CANVAS.clone();
    try (TinyModel network = TinyModel.random(3, 0)) {
      logits(guided(network, given(0, 1, 2), 1), canvas);
    }
    assertThat(canvas).isEqualTo(CANVAS);
  }

  @Test
  void needsAScaleAboveZero() {
    try (TinyModel network = TinyModel.random(3, 0)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> guided(network, new BitSet(), 0))
          .withMessageContaining("guidance");
    }
  }

  private static GuidedCache guided(TinyModel network, BitSet given, double scale) {
    return new GuidedCache(new DualCache(network), new DualCache(network), given, MASK, scale);
  }

  private static float[][] logits(KvCache cache, int[] canvas) {
    try (cache;
        ForwardPass pass = cache.denoise(canvas, BLOCK, ROWS)) {
      return pass.logitsToHost();
    }
  }

  private static BitSet given(int... positions) {
    BitSet given = new BitSet();
    for (int position : positions) {
      given.set(position);
    }
    return given;
  }
}
