package dev.unmask.lm.family.dsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Covers(
    method = "dsm",
    parts = {Part.SCORE})
class VariationalBoundTest {
  private static final int WORDS = 20;
  private static final int[][] RANDOM = new int[64][12];

  static {
    for (int row = 0; row < RANDOM.length; row++) {
      for (int at = 0; at < RANDOM[row].length; at++) {
        RANDOM[row][at] = KeyedRandom.of(3).nextInt(WORDS, row, at, 0);
      }
    }
  }

  /**
   * No distribution gives tokens drawn evenly from V more than 1 / V each, on average; the rest is
   * chance.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void neverFindsEvenNoiseMoreProbableThanItIs(boolean preserving) {
    try (ScoreTransformer network = network(preserving)) {
      assertThat(VariationalBound.natsPerToken(network, RANDOM, 32, 1))
          .isBetween(0.97 * Math.log(WORDS), 1.5 * Math.log(WORDS));
    }
  }

  @Test
  void givesTheSameForTheSameSeedAndAboutTheSameForAnother() {
    try (ScoreTransformer network = network(true)) {
      double bound = VariationalBound.natsPerToken(network, RANDOM, 32, 1);

      assertThat(VariationalBound.natsPerToken(network, RANDOM, 32, 1)).isEqualTo(bound);
      assertThat(VariationalBound.natsPerToken(network, RANDOM, 32, 2))
          .isCloseTo(bound, within(0.1 * bound));
    }
  }

  @Test
  void needsADraw() {
    try (ScoreTransformer network = network(true)) {
      assertThatThrownBy(() -> VariationalBound.natsPerToken(network, RANDOM, 0, 1))
          .hasMessage("draws must be positive, was 0");
    }
  }

  private static ScoreTransformer network(boolean preserving) {
    GaussianProcess process =
        preserving
            ? new GaussianProcess.VariancePreserving()
            : new GaussianProcess.VarianceExploding(0.01, 20);
    return ScoreTransformer.random(new DsmConfig(WORDS + 1, 16, 1, 16, 2, 32, 12, process), 1);
  }
}
