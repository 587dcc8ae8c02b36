package dev.unmask.lm.family.dsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenClocksTest {
  private static final int LENGTH = 40;
  private static final double FIRST = 0.01;
  private static final KeyedRandom RANDOM = KeyedRandom.of(8);

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.25, 0.9, 1})
  void everyTokenIsNoiseAtTimeOneAndCleanAtTimeZeroAndNeverGoesBack(double window) {
    TokenClocks.Clocks clocks = new TokenClocks(window).draw(LENGTH, RANDOM);

    assertThat(clocks.at(1, FIRST)).containsOnly(1);
    assertThat(clocks.at(0, FIRST)).containsOnly(FIRST);
    double[] later = clocks.at(1, FIRST);
    for (int step = 99; step >= 0; step--) {
      double[] now = clocks.at(step / 100.0, FIRST);
      for (int token = 0; token < LENGTH; token++) {
        assertThat(now[token]).isBetween(FIRST, later[token]);
      }
      later = now;
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.25, 0.9, 1})
  void speedsAreTheDerivativeOfTheTimes(double window) {
    TokenClocks.Clocks clocks = new TokenClocks(window).draw(LENGTH, RANDOM);
    double h = 1e-7;
    for (double t : new double[] {0.1234, 0.5, 0.8765}) {
      double[] speeds = clocks.speeds(t, FIRST);
      double[] before = clocks.at(t - h, FIRST);
      double[] after = clocks.at(t + h, FIRST);
      for (int token = 0; token < LENGTH; token++) {
        assertThat((after[token] - before[token]) / (2 * h)).isCloseTo(speeds[token], within(1e-5));
      }
    }
  }

  @Test
  void oneClockGivesAllTokensTheTimeOfTheSequence() {
    TokenClocks.Clocks clocks = TokenClocks.ONE.draw(LENGTH, RANDOM);

    assertThat(clocks.at(0.3, 0)).containsOnly(0.3);
  }

  /** So that the mean over draws is that of independent tokens, wherever a token stands. */
  @Test
  void aTokensWindowBeginsAnywhereWithTheSameChance() {
    int draws = 4_000;
    double[] ends = new double[draws];
    for (int draw = 0; draw < draws; draw++) {
      ends[draw] = new TokenClocks(0.25).draw(5, RANDOM.split(draw)).ends()[1];
    }
    Arrays.sort(ends);
    for (double share : new double[] {0.1, 0.37, 0.5, 0.9}) {
      assertThat(ends[(int) (share * draws)]).isCloseTo(0.75 * share, within(0.03));
    }
  }

  @Test
  void narrowWindowsDenoiseOneTokenAfterTheOther() {
    TokenClocks.Clocks clocks = new TokenClocks(0.001).draw(LENGTH, RANDOM);

    long between = Arrays.stream(clocks.at(0.5, 0)).filter(time -> time > 0 && time < 1).count();

    assertThat(between).isLessThanOrEqualTo(1);
  }

  @Test
  void theSameKeyGivesTheSameClocks() {
    TokenClocks clocks = new TokenClocks(0.25);

    assertThat(clocks.draw(LENGTH, RANDOM).ends()).isEqualTo(clocks.draw(LENGTH, RANDOM).ends());
    assertThat(clocks.draw(LENGTH, RANDOM).ends())
        .isNotEqualTo(clocks.draw(LENGTH, RANDOM.split("other")).ends());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN})
  void refusesAWindowThatIsNoShare(double window) {
    assertThatThrownBy(() -> new TokenClocks(window))
        .hasMessageContaining("window in (0, 1]")
        .hasMessageContaining(String.valueOf(window));
  }
}
