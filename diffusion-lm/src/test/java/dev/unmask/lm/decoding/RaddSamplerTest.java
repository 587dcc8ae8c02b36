package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.decoding.RaddSampler.Evaluation;
import dev.unmask.lm.decoding.RaddSampler.Network;
import dev.unmask.lm.decoding.RaddSampler.Uniforms;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Covers(
    method = "radd",
    parts = {Part.SAMPLE})
class RaddSamplerTest {
  /** P(00), P(01), P(10), P(11) of two dependent tokens. */
  private static final double[][] JOINT = {{.4, .1}, {.2, .3}};

  private static final int MASK = 2;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 128})
  void givesBothRatesAsTheTimeStepOverTheTime(int steps) {
    for (int step = 0; step < steps; step++) {
      double dt = (1 - 1e-5) / steps;
      double expected = dt / (1 - step * dt);

      assertThat(RaddRate.TWEEDIE.reveal(step, steps)).isCloseTo(expected, within(1e-9));
      assertThat(RaddRate.EULER.reveal(step, steps)).isCloseTo(expected, within(1e-9));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, .30, .20, .30, .20", "2, .35, .15, .25, .25", "4, .375, .125, .225, .275"})
  void mixesTheJointWithItsMarginalsAsTheNumberOfStepsSays(
      int steps, double p00, double p01, double p10, double p11) {
    double[] expected = {p00, p01, p10, p11};
    int samples = 40_000;
    RaddSampler sampler = sampler(steps, Evaluation.LAZY);
    int[] counts = new int[4];
    for (int i = 0; i < samples; i++) {
      int[] tokens =
          sampler
              .sample(RaddSamplerTest::conditionals, new int[] {MASK, MASK}, uniforms(i))
              .tokens();
      counts[2 * tokens[0] + tokens[1]]++;
    }

    double chiSquare = 0;
    for (int i = 0; i < 4; i++) {
      double mean = samples * expected[i];
      chiSquare += (counts[i] - mean) * (counts[i] - mean) / mean;
    }
    assertThat(chiSquare).isLessThan(21); // 3 degrees of freedom, p = 1e-4
  }

  @Test
  void drawsTheSameDistributionByOneRaceAsByRevealingFirst() {
    RaddSampler sampler = sampler(2, Evaluation.EAGER);
    int[] counts = new int[4];
    for (int i = 0; i < 40_000; i++) {
      int[] tokens =
          sampler
              .sampleByRace(RaddSamplerTest::conditionals, new int[] {MASK, MASK}, uniforms(i))
              .tokens();
      counts[2 * tokens[0] + tokens[1]]++;
    }

    assertThat(counts[0] / 40_000.0).isCloseTo(.35, within(.01));
    assertThat(counts[1] / 40_000.0).isCloseTo(.15, within(.01));
    assertThat(counts[2] / 40_000.0).isCloseTo(.25, within(.01));
  }

  @Test
  void drawsTheSameTokensWheneverTheNetworkIsRun() {
    for (int seed = 0; seed < 50; seed++) {
      int[] canvas = canvas(seed);
      RaddSampler.Sample always = sample(Evaluation.ALWAYS, canvas, seed);
      RaddSampler.Sample eager = sample(Evaluation.EAGER, canvas, seed);
      RaddSampler.Sample lazy = sample(Evaluation.LAZY, canvas, seed);

      assertThat(eager.tokens()).isEqualTo(always.tokens());
      assertThat(lazy.tokens()).isEqualTo(always.tokens());
      assertThat(always.nfe()).isEqualTo(12);
      assertThat(lazy.nfe()).isEqualTo(lazy.updates()).isLessThanOrEqualTo(eager.nfe());
      assertThat(eager.nfe()).isBetween(eager.updates(), eager.updates() + 1);
      long masks = Arrays.stream(canvas).filter(id -> id == 5).count();
      assertThat((long) lazy.nfe()).isLessThanOrEqualTo(Math.min(12, masks));
    }
  }

  @ParameterizedTest
  @EnumSource(Evaluation.class)
  void keepsGivenTokensAndLeavesNoMask(Evaluation evaluation) {
    for (int seed = 0; seed < 50; seed++) {
      int[] canvas = canvas(seed);

      int[] tokens = sample(evaluation, canvas, seed).tokens();

      for (int i = 0; i < canvas.length; i++) {
        assertThat(tokens[i]).isLessThan(5);
        assertThat(canvas[i] == 5 || tokens[i] == canvas[i]).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2,2,1.5",
    "3,2,1.666667",
    "4,4,2.734375",
    "4,3,2.3125",
    "8,8,5.251129",
    "10,5,4.0951",
    "16,8,6.452488",
    "16,1024,16",
    "128,1024,127.958389",
    "256,1024,251.34778",
    "512,1024,442.843714",
    "1024,1024,647.475467",
    "4096,1024,906.129357"
  })
  void expectsAsManyUpdatesAsThePaperSays(int steps, int tokens, double expected) {
    assertThat(RaddSampler.expectedUpdates(steps, tokens)).isCloseTo(expected, within(1e-5));
  }

  @ParameterizedTest
  @CsvSource({"2,2", "4,2", "4,4", "8,8", "10,5"})
  void needsAsManyForwardPassesAsExpectedOnAverage(int steps, int tokens) {
    int samples = 20_000;
    int[] canvas = new int[tokens];
    Arrays.fill(canvas, 5);
    Network uniform = (ids, positions) -> new double[positions.length][6];
    long lazy = 0;
    long eager = 0;
    for (int i = 0; i < samples; i++) {
      lazy += sampler(steps, Evaluation.LAZY, 5).sample(uniform, canvas, uniforms(i)).nfe();
      eager += sampler(steps, Evaluation.EAGER, 5).sample(uniform, canvas, uniforms(i)).nfe();
    }

    assertThat((double) lazy / samples)
        .isCloseTo(RaddSampler.expectedUpdates(steps, tokens), within(0.05));
    assertThat((double) eager / samples)
        .isCloseTo(RaddSampler.expectedEagerNfe(steps, tokens), within(0.05));
  }

  @Test
  void countsEagerEvaluationsAsTheGoldenValuesSay() {
    assertThat(RaddSampler.expectedEagerNfe(2, 2)).isCloseTo(1.75, within(1e-12));
    assertThat(RaddSampler.expectedEagerNfe(4, 2)).isCloseTo(2.3125, within(1e-12));
  }

  /** The true conditionals of {@link #JOINT}. */
  private static double[][] conditionals(int[] canvas, int[] positions) {
    double[][] logits = new double[positions.length][3];
    for (int i = 0; i < positions.length; i++) {
      int known = canvas[1 - positions[i]];
      for (int token = 0; token < 2; token++) {
        double p = 0;
        for (int other = 0; other < 2; other++) {
          if (known == MASK || known == other) {
            p += positions[i] == 0 ? JOINT[token][other] : JOINT[other][token];
          }
        }
        logits[i][token] = Math.log(p);
      }
      logits[i][MASK] = 9;
    }
    return logits;
  }

  private static RaddSampler.Sample sample(Evaluation evaluation, int[] canvas, long seed) {
    Network hashed =
        (ids, positions) -> {
          double[][] logits = new double[positions.length][6];
          KeyedRandom random = KeyedRandom.of(Arrays.hashCode(ids));
          for (int i = 0; i < positions.length; i++) {
            int row = positions[i];
            Arrays.setAll(logits[i], v -> 3 * random.gaussian(row, v, 0));
          }
          return logits;
        };
    return sampler(12, evaluation, 5).sample(hashed, canvas, uniforms(seed));
  }

  private static int[] canvas(long seed) {
    int[] canvas = new int[9];
    Arrays.setAll(canvas, i -> KeyedRandom.of(seed).nextInt(9, i) < 4 ? i % 5 : 5);
    canvas[3] = 5;
    return canvas;
  }

  private static RaddSampler sampler(int steps, Evaluation evaluation) {
    return sampler(steps, evaluation, MASK);
  }

  private static RaddSampler sampler(int steps, Evaluation evaluation, int maskId) {
    return new RaddSampler(steps, RaddRate.TWEEDIE, new RaddStrategy.Direct(), evaluation, maskId);
  }

  private static Uniforms uniforms(long seed) {
    return Uniforms.keyed(KeyedRandom.of(seed));
  }
}
