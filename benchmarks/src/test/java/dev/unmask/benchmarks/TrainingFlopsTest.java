package dev.unmask.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.backbone.BackboneConfig;
import org.junit.jupiter.api.Test;

class TrainingFlopsTest {

  private static final BackboneConfig ONE_LAYER = BackboneConfig.llama(11, 1, 4, 1, 6, 2, 2);

  @Test
  void countsThePlainStepAsCountedByHand() {
    // One sequence of 2 tokens, of which the first is scored; D 4, F 6, 10 words.
    double inputs = 2 * 2 * (4 * 4 * 3);
    double outputs = 2 * (4 * 4 + 3 * 4 * 6);
    double attention = 3 * 2 * 2 * 4; // pairs: first-first, second-first, second-second
    double vocabulary = 2 * 4 * 10;

    assertThat(TrainingFlops.autoregressive(ONE_LAYER, 1))
        .isEqualTo(3 * (inputs + outputs + attention + vocabulary));
  }

  @Test
  void countsTheStepOfBlockDiffusionAsCountedByHand() {
    // Two noisy and two clean tokens in one block; on average 1.5 of the noisy ones are masked.
    double inputs = 4 * 2 * (4 * 4 * 3);
    double outputs = 1.5 * 2 * (4 * 4 + 3 * 4 * 6);
    double attention = 4 * 2 * 2 * 4; // of the last layer the noisy half only, each sees both
    double vocabulary = 1.5 * 2 * 4 * 10;

    assertThat(TrainingFlops.blockDiffusion(ONE_LAYER, 1))
        .isEqualTo(3 * (inputs + outputs + attention + vocabulary));
  }

  @Test
  void growsWithTheBatch() {
    assertThat(TrainingFlops.autoregressive(ONE_LAYER, 5))
        .isCloseTo(5 * TrainingFlops.autoregressive(ONE_LAYER, 1), within(1e-6));
  }

  @Test
  void countsBlockDiffusionForAboutTwiceThePlainStepInADeepModel() {
    BackboneConfig deep = BackboneConfig.llama(11, 24, 64, 4, 256, 32, 8);

    double ratio = TrainingFlops.blockDiffusion(deep, 1) / TrainingFlops.autoregressive(deep, 1);

    assertThat(ratio).isBetween(1.9, 2.1);
  }
}
