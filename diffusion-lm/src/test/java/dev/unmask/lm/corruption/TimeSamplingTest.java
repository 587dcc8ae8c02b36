package dev.unmask.lm.corruption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimeSamplingTest {
  @ParameterizedTest
  @EnumSource(names = {"SHIFTED", "STRATIFIED"})
  void drawsOneTimeInEachStratum(TimeSampling sampling) {
    for (int seed = 0; seed < 50; seed++) {
      double[] times = sampling.draw(8, 0, 1, KeyedRandom.of(seed));

      int[] strata = Arrays.stream(times).mapToInt(t -> (int) (t * 8)).sorted().toArray();
      assertThat(strata).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isUniformForEverySequence(TimeSampling sampling) {
    double sum = 0;
    for (int seed = 0; seed < 4000; seed++) {
      sum += sampling.draw(3, 0.5, 1, KeyedRandom.of(seed))[0];
    }

    double mean = sampling == TimeSampling.STRATIFIED ? 0.5 + 0.5 / 6 : 0.75;
    assertThat(sum / 4000).isCloseTo(mean, within(0.01));
  }

  @Test
  void drawsTheSameTimesForTheSameKey() {
    assertThat(TimeSampling.INDEPENDENT.draw(5, 0, 1, KeyedRandom.of(1)))
        .isEqualTo(TimeSampling.INDEPENDENT.draw(5, 0, 1, KeyedRandom.of(1)));
  }
}
