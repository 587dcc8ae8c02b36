package dev.unmask.lm.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.optimizer.OptimizerSettings.Decay;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
  @Test
  void warmsUpLinearlyStaysAndFallsToZero() {
    LearningRateSchedule schedule = schedule(Decay.STABLE_THEN_LINEAR);

    assertThat(schedule.at(1)).isCloseTo(0.001, within(1e-12));
    assertThat(schedule.at(10)).isCloseTo(0.01, within(1e-12));
    assertThat(schedule.at(60)).isCloseTo(0.01, within(1e-12));
    assertThat(schedule.at(81)).isCloseTo(0.005, within(1e-12));
    assertThat(schedule.at(100)).isPositive().isLessThan(0.0003);
  }

  @Test
  void theCosineEndsAtATenth() {
    LearningRateSchedule schedule = schedule(Decay.COSINE);

    assertThat(schedule.at(51)).isCloseTo(0.0055, within(1e-12));
    assertThat(schedule.at(101)).isCloseTo(0.001, within(1e-12));
  }

  @Test
  void namesASettingThatIsOutOfRange() {
    assertThatThrownBy(() -> OptimizerSettings.of(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("learningRate must be in (0, 1), was 2.0");
  }

  private static LearningRateSchedule schedule(Decay decay) {
    OptimizerSettings settings =
        new OptimizerSettings(0.01, 0.9, 0.95, 1e-8, 0.1, 1, 10, decay, 0.99);
    return new LearningRateSchedule(settings, 100);
  }
}
