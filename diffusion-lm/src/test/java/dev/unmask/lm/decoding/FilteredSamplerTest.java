package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.unmask.lm.decoding.FilteredSampler.Filter;
import dev.unmask.lm.decoding.FilteredSampler.Scoring;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.TensorScope;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FilteredSamplerTest {
  private static final float[] LOGITS = {2, 1, 0, -1, 9};
  private static final int MASK = 4;

  @Test
  void keepsTheTokenThatCrossesTheMassAndThoseThatTie() {
    assertThat(probabilities(new Filter(0, 0.7, 0)))
        .containsExactly(new double[] {.7310586, .2689414, 0, 0, 0}, within(1e-6));
    assertThat(probabilities(new Filter(0, 1, 1)))
        .containsExactly(new double[] {1, 0, 0, 0, 0}, within(1e-9));
  }

  private static double[] probabilities(Filter filter) {
    try (TensorScope scope = TensorScope.open();
        FilteredSampler sampler = FilteredSampler.of(5, MASK, 0)) {
      return sampler.probabilities(scope.floats(LOGITS, 1, 5), filter);
    }
  }

  @Test
  void scoresByTheDistributionDrawnFromOrByTheNetworksOwn() {
    Filter narrow = new Filter(0.5, 1, 2);
    double own = 1 / (1 + Math.exp(-1) + Math.exp(-2) + Math.exp(-3));
    double drawnFrom = 1 / (1 + Math.exp(-2));

    assertThat(draw(narrow, Scoring.UNSCALED, 0.1, true).confidence()[0])
        .isCloseTo(own, within(1e-9));
    assertThat(draw(narrow, Scoring.FILTERED, 0.1, true).confidence()[0])
        .isCloseTo(drawnFrom, within(1e-9));
  }

  @Test
  void drawsEachTokenAsOftenAsItIsProbable() {
    Filter filter = new Filter(2, 1, 0);
    double[] p = probabilities(filter);
    int[] counts = new int[5];
    int draws = 1000;
    for (int i = 0; i < draws; i++) {
      counts[draw(filter, Scoring.FILTERED, (i + 0.5) / draws, true).tokens()[0]]++;
    }
    for (int token = 0; token < 5; token++) {
      assertThat((double) counts[token] / draws).isCloseTo(p[token], within(2.0 / draws));
    }
    assertThat(counts[MASK]).isZero();
  }

  @Test
  void drawsNoEndOfTextWhereNoneMayBe() {
    Candidates candidates = draw(new Filter(0, 1, 0), Scoring.FILTERED, 0.5, false);

    assertThat(candidates.tokens()[0]).isEqualTo(1);
  }

  private static Candidates draw(Filter filter, Scoring scoring, double u, boolean mayEnd) {
    try (TensorScope scope = TensorScope.open();
        FilteredSampler sampler = FilteredSampler.of(5, MASK, 0)) {
      NDArray logits = scope.floats(Arrays.copyOf(LOGITS, 5), 1, 5);
      return sampler.by(filter, scoring).draw(logits, new double[] {u}, mayEnd);
    }
  }

  @Test
  void aRaceDrawsEachTokenAsOftenAsItIsProbable() {
    Filter filter = new Filter(2, 0.95, 0);
    double[] p = probabilities(filter);
    int draws = 20_000;
    Candidates drawn = race(filter, draws);
    int[] counts = new int[5];
    Arrays.stream(drawn.tokens()).forEach(token -> counts[token]++);
    for (int token = 0; token < 5; token++) {
      double deviation = Math.sqrt(p[token] * (1 - p[token]) / draws);
      assertThat((double) counts[token] / draws).isCloseTo(p[token], within(5 * deviation + 1e-12));
    }
  }

  @Test
  void aRaceScoresByTheNetworksOwnDistributionOfTheTokensThatCount() {
    double own = 1 / (1 + Math.exp(-1) + Math.exp(-2) + Math.exp(-3));
    double withoutSecond = 1 / (1 + Math.exp(-2) + Math.exp(-3));

    assertThat(race(new Filter(0, 1, 0), 1).confidence()[0]).isCloseTo(own, within(1e-9));
    assertThat(race(new Filter(0, 1, 0), 1, 1).confidence()[0])
        .isCloseTo(withoutSecond, within(1e-9));
    assertThat(race(new Filter(0, 1, 0), 1, 0).confidence()[0]).isZero();
  }

  private static Candidates race(Filter filter, int rows, int... unscored) {
    KeyedRandom random = KeyedRandom.of(17);
    float[] logits = new float[rows * 5];
    double[] uniforms = new double[rows * 5];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = LOGITS[i % 5];
      uniforms[i] = random.uniform(i);
    }
    try (TensorScope scope = TensorScope.open();
        FilteredSampler sampler = FilteredSampler.of(5, MASK, 0)) {
      return sampler.race(scope.floats(logits, rows, 5), uniforms, true, filter, unscored);
    }
  }
}
