package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.decoding.RaddSampler;
import org.junit.jupiter.api.Test;

class RaddEvaluationsTest {

  private static final int MASK = 3;

  @Test
  void countsAsManyEvaluationsAsThePaperExpects() {
    RaddSampler.Network even = (canvas, positions) -> new double[positions.length][MASK + 1];

    assertThat(RaddEvaluations.meanNfe(even, MASK, 16, 200))
        .isCloseTo(RaddSampler.expectedUpdates(16, CharacterText.LENGTH), within(0.2));
    assertThat(RaddEvaluations.meanNfe(even, MASK, 1, 3)).isEqualTo(1);
  }
}
