package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.TensorScope;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenSamplerTest {
  private static final int MASK = 4;

  private final TensorScope scope = TensorScope.open();
  private final TokenSampler sampler = new TokenSampler(5, MASK, 3);

  @AfterEach
  void close() {
    sampler.close();
    scope.close();
  }

  @Test
  void takesTheMostProbableTokenAtTemperatureZeroScoredByThePlainSoftmax() {
    Candidates drawn = draw(0, 1, 0.99, 2, 1, 0, -50);

    assertThat(drawn.tokens()).containsExactly(0);
    assertThat(drawn.confidence()[0]).isCloseTo(0.66524096, within(1e-7));
    assertThat(drawn.margin()[0]).isCloseTo(0.42051248, within(1e-7));
    assertThat(drawn.entropy()[0]).isCloseTo(0.83239558, within(1e-7));
  }

  @Test
  void givesTiesToTheLowestToken() {
    assertThat(draw(0, 1, 0.5, 1, 3, 3, 3).tokens()).containsExactly(1);
  }

  @Test
  void neverDrawsTheMask() {
    for (int i = 0; i < 50; i++) {
      NDArray logits = scope.floats(new float[] {0, 0, 0, 0, 100}, 1, 5);
      double u = i == 0 ? 0x1p-53 : i == 1 ? 1 - 0x1p-53 : KeyedRandom.of(i).uniform(0);
      assertThat(sampler.draw(logits, new double[] {u}, 1, 1, true).tokens()[0]).isLessThan(MASK);
      assertThat(sampler.draw(logits, new double[] {u}, 0, 1, true).tokens()[0]).isLessThan(MASK);
    }
  }

  @Test
  void leavesEndOfTextOutWhereAnAnswerMayNotEnd() {
    NDArray logits = scope.floats(new float[] {0, 1, 0, 100, 0}, 1, 5);

    assertThat(sampler.draw(logits, new double[] {0.5}, 0, 1, true).tokens()).containsExactly(3);
    assertThat(sampler.draw(logits, new double[] {0.5}, 0, 1, false).tokens()).containsExactly(1);
  }

  @Test
  void neverDrawsATokenOfProbabilityZero() {
    double ulp = 0x1p-53;
    for (double u : new double[] {ulp, 0.5, 1 - ulp}) {
      float none = Float.NEGATIVE_INFINITY;
      assertThat(draw(1, 1, u, none, 1, none, none).tokens()).containsExactly(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.45, 1, 0", "0.75, 0.625, 0.375", "0.97, 0.5, 0.3"})
  void keepsTheTokenThatCrossesTopP(double topP, double first, double second) {
    assertThat(drawP(topP, 0.01).confidence()[0]).isCloseTo(first, within(1e-7));
    if (second > 0) {
      assertThat(drawP(topP, 0.55 / (0.8 + (topP > 0.9 ? 0.2 : 0))).confidence()[0])
          .isCloseTo(second, within(1e-7));
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "0.5", "2"})
  void drawsAsOftenAsTheTemperedSoftmaxSaysWhateverConstantIsAdded(double temperature) {
    int draws = 20_000;
    float[] row = {1.5f, 0, -1, 0.5f, 3};
    double[] p = new double[MASK];
    double sum = 0;
    for (int v = 0; v < MASK; v++) {
      p[v] = Math.exp(row[v] / temperature);
      sum += p[v];
    }
    float[] rows = new float[draws * 5];
    double[] u = new double[draws];
    for (int i = 0; i < draws; i++) {
      for (int v = 0; v < 5; v++) {
        rows[i * 5 + v] = row[v] + (i % 3) * 4;
      }
      u[i] = KeyedRandom.of(17).uniform(i);
    }

    Candidates drawn = sampler.draw(scope.floats(rows, draws, 5), u, temperature, 1, true);

    double chiSquare = 0;
    for (int v = 0; v < MASK; v++) {
      int token = v;
      double expected = draws * p[v] / sum;
      long seen = Arrays.stream(drawn.tokens()).filter(t -> t == token).count();
      chiSquare += (seen - expected) * (seen - expected) / expected;
    }
    assertThat(chiSquare).isLessThan(21); // 3 degrees of freedom, p = 1e-4
    assertThat(drawn.confidence()[0]).isCloseTo(p[drawn.tokens()[0]] / sum, within(1e-6));
  }

  @Test
  void scoresGivenTokensWithoutTheMask() {
    NDArray logits = scope.floats(new float[] {2, 1, 0, -50, 90}, 1, 5);

    assertThat(sampler.nats(logits, new int[] {1})[0])
        .isCloseTo(-Math.log(0.24472847), within(1e-6));
  }

  private Candidates drawP(double topP, double u) {
    return draw(
        1,
        topP,
        u,
        (float) Math.log(.5),
        (float) Math.log(.3),
        (float) Math.log(.15),
        (float) Math.log(.05));
  }

  private Candidates draw(double temperature, double topP, double u, float... logits) {
    float[] row = Arrays.copyOf(logits, 5);
    row[MASK] = 30;
    return sampler.draw(scope.floats(row, 1, 5), new double[] {u}, temperature, topP, true);
  }
}
