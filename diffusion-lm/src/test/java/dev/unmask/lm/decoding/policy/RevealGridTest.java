package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevealGridTest {
  @ParameterizedTest
  @ValueSource(doubles = {1e-5, 1e-3})
  void splitsAnswersLikeThePublishedCode(double eps) {
    assertThat(counts(16, 8, eps)).containsExactly(1, 2, 2, 2, 2, 2, 2, 3);
  }

  @Test
  void theFirstStepMayRevealNothing() {
    assertThat(counts(16, 16, 1e-3))
        .containsExactly(0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2);
    assertThat(counts(10, 4, 1e-3)).containsExactly(2, 2, 2, 4);
  }

  @Test
  void theCountsOfAllStepsSumToTheMaskedTokens() {
    for (int masked = 1; masked < 40; masked++) {
      for (int steps = 1; steps < 45; steps++) {
        assertThat(IntStream.of(counts(masked, steps, 1e-3)).sum()).isEqualTo(masked);
      }
    }
  }

  @Test
  void timesRunFromOneToEps() {
    RevealGrid grid = new RevealGrid(7, 1e-3);

    assertThat(grid.time(0)).isEqualTo(1f);
    assertThat(grid.time(7)).isEqualTo(1e-3f);
    assertThat(grid.share(6)).isEqualTo(1f);
  }

  @Test
  void namesTheSettingOutOfItsRange() {
    assertThatThrownBy(() -> new RevealGrid(0, 1e-3)).hasMessageContaining("steps");
    assertThatThrownBy(() -> new RevealGrid(4, 1)).hasMessageContaining("eps");
  }

  private static int[] counts(int masked, int steps, double eps) {
    RevealGrid grid = new RevealGrid(steps, eps);
    int[] counts = new int[steps];
    int left = masked;
    for (int step = 0; step < steps; step++) {
      counts[step] = grid.count(left, step);
      left -= counts[step];
    }
    return counts;
  }
}
