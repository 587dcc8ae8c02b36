package dev.unmask.lm.family.bd3lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.toys.ExactLikelihood;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockNoiseTest {
  static Stream<BlockNoise> unclipped() {
    return Stream.of(
        new BlockNoise.Linear(),
        new BlockNoise.Cosine(0),
        new BlockNoise.Power(2, 0),
        new BlockNoise.Power(0.5, 0),
        new BlockNoise.Logarithmic());
  }

  /** 1 / (k C(n, k)) for every set of k masks: the any-order bound, tight for true conditionals. */
  @ParameterizedTest
  @MethodSource("unclipped")
  void everyScheduleGivesTheSameBoundForEveryBlockSize(BlockNoise noise) {
    for (int blockSize : new int[] {1, 2, 4}) {
      for (int k = 1; k <= blockSize; k++) {
        double weight =
            ExactLikelihood.overTime(blockSize, 1e-12, 1, noise::maskProbability, noise::weight)
                .applyAsDouble(k);
        assertThat(weight)
            .isCloseTo(ExactLikelihood.anyOrderWeight(blockSize).applyAsDouble(k), within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("unclipped")
  void theWeightIsTheSlopeOfTheMaskProbabilityOverItself(BlockNoise noise) {
    double h = 1e-6;
    for (double t = 0.1; t < 0.95; t += 0.1) {
      double slope = (noise.maskProbability(t + h) - noise.maskProbability(t - h)) / (2 * h);
      assertThat(noise.weight(t)).isCloseTo(slope / noise.maskProbability(t), within(1e-6));
    }
  }
}
