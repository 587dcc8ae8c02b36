package dev.unmask.lm.family.dsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
  @EnumSource(ScoreSchedule.class)
  void neverFindsEvenNoiseMoreProbableThanItIs(ScoreSchedule schedule) {
    try (ScoreTransformer network = network(schedule)) {
      assertThat(VariationalBound.natsPerToken(network, RANDOM, 32, 1))
          .isBetween(0.97 * Math.log(WORDS), 1.5 * Math.log(WORDS));
    }
  }

  /** Each token takes the same way from noise to clean; only what its neighbours tell differs. */
  @Test
  void withoutContextItIsTheSameWhateverTheClocks() {
    try (ScoreTransformer together = network(ScoreSchedule.PRESERVING);
        ScoreTransformer apart = network(ScoreSchedule.PRESERVING_BY_TOKEN)) {
      double bound = VariationalBound.natsPerToken(together, RANDOM, 64, 1);

      assertThat(VariationalBound.natsPerToken(apart, RANDOM, 64, 1))
          .isCloseTo(bound, within(0.05 * bound));
    }
  }

  @Test
  void givesTheSameForTheSameSeedAndAboutTheSameForAnother() {
    try (ScoreTransformer network = network(ScoreSchedule.PRESERVING_BY_TOKEN)) {
      double bound = VariationalBound.natsPerToken(network, RANDOM, 32, 1);

      assertThat(VariationalBound.natsPerToken(network, RANDOM, 32, 1)).isEqualTo(bound);
      assertThat(VariationalBound.natsPerToken(network, RANDOM, 32, 2))
          .isCloseTo(bound, within(0.1 * bound));
    }
  }

  @Test
  void needsADraw() {
    try (ScoreTransformer network = network(ScoreSchedule.PRESERVING_BY_TOKEN)) {
      assertThatThrownBy(() -> VariationalBound.natsPerToken(network, RANDOM, 0, 1))
          .hasMessage("draws must be positive, was 0");
    }
  }

  /** Not told of its neighbours, as good as: fresh weights are small. */
  private static ScoreTransformer network(ScoreSchedule schedule) {
    return ScoreTransformer.random(
        new DsmConfig(WORDS + 1, 16, 1, 16, 2, 32, 12, schedule.process(), schedule.clocks()), 1);
  }
}
