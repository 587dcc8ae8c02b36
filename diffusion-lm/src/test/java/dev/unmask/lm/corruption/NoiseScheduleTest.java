package dev.unmask.lm.corruption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.corruption.NoiseSchedule.Geometric;
import dev.unmask.lm.corruption.NoiseSchedule.LogLinear;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseScheduleTest {
  private static final Offset<Double> EXACT = within(2e-9);

  @ParameterizedTest
  @CsvSource({
    ".25, .2873487947, 1.3315561479, .24975",
    ".5, .6921476802, 1.9960039960, .4995",
    ".75, 1.3832988521, 3.9840478564, .74925",
    "1, 6.9077552790, 999, .999"
  })
  void logLinearHasTheReferenceValues(double t, double noise, double rate, double masked) {
    NoiseSchedule schedule = new LogLinear();

    assertThat(schedule.totalNoise(t)).isCloseTo(noise, EXACT);
    assertThat(schedule.rate(t)).isCloseTo(rate, EXACT);
    assertThat(schedule.maskProbability(t)).isCloseTo(masked, EXACT);
    assertThat(schedule.lossWeight(t)).isCloseTo(1 / t, EXACT);
  }

  @ParameterizedTest
  @CsvSource({
    ".5, .0447213595, .5458721635, .0437361025",
    ".75, .9457416090, 11.5437907834, .6116085705",
    "1, 20, 244.1214529, 0.9999999979"
  })
  void geometricHasTheReferenceValues(double t, double noise, double rate, double masked) {
    NoiseSchedule schedule = new Geometric(1e-4, 20);

    assertThat(schedule.totalNoise(t)).isCloseTo(noise, EXACT);
    assertThat(schedule.rate(t)).isCloseTo(rate, within(1e-7));
    assertThat(schedule.maskProbability(t)).isCloseTo(masked, EXACT);
  }

  @Test
  void theRateIsTheDerivativeOfTheTotalNoise() {
    for (NoiseSchedule schedule : new NoiseSchedule[] {new LogLinear(), new Geometric(1e-4, 20)}) {
      for (double t = 0.1; t < 0.95; t += 0.1) {
        double h = 1e-6;
        double slope = (schedule.totalNoise(t + h) - schedule.totalNoise(t - h)) / (2 * h);

        assertThat(schedule.rate(t)).isCloseTo(slope, within(1e-5 * (1 + slope)));
      }
    }
  }

  /** Rate over exp(noise) - 1: the weight of a masked token does not know where the times end. */
  @Test
  void theLogLinearWeightIsOneOverTheTimeWhateverItsEnd() {
    for (double epsilon : new double[] {1e-1, 1e-3, 1e-6}) {
      NoiseSchedule schedule = new LogLinear(epsilon);
      for (double t = 0.001; t < 1; t += 0.037) {
        double weight = schedule.rate(t) / Math.expm1(schedule.totalNoise(t));
        assertThat(weight).isCloseTo(1 / t, within(1e-9 / t));
        assertThat(schedule.lossWeight(t)).isCloseTo(1 / t, within(1e-9 / t));
      }
    }
  }
}
