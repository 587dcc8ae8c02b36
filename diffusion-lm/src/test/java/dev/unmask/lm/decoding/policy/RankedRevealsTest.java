package dev.unmask.lm.decoding.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.decoding.policy.RankedReveals.Score;
import dev.unmask.lm.decoding.policy.RevealPolicy.Reveals;
import dev.unmask.lm.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class RankedRevealsTest extends DecodingPolicyContract {
  private static final RevealGrid GRID = new RevealGrid(4, 1e-3);
  private static final Candidates THREE =
      new Candidates(
          new int[3],
          new double[] {.66524096, .52193527, .909443},
          new double[] {.83239558, .72353016, .36659396},
          new double[] {.42051248, .04966871, .8641645});

  @Override
  DecodingPolicy policy() {
    return new RankedReveals(GRID, Score.CONFIDENCE, 0, false);
  }

  @Test
  void scoresRankTheSamePredictionsDifferently() {
    assertThat(best(Score.CONFIDENCE, 2)).containsExactly(0, 2);
    assertThat(best(Score.MARGIN, 2)).containsExactly(0, 2);
    assertThat(best(Score.NEGATIVE_ENTROPY, 2)).containsExactly(1, 2);
  }

  private static int[] best(Score score, int count) {
    return TopScores.of(score.of(THREE), count).stream().toArray();
  }

  @Test
  void asksForNothingAtAStepThatRevealsNothing() {
    RevealGrid fine = new RevealGrid(16, 1e-3);
    int[] masked = {4, 5, 6};

    Reveals clean = new RankedReveals(fine, Score.CONFIDENCE, 0, false).begin(3, (s, p) -> .5);
    Reveals published = new RankedReveals(fine, Score.CONFIDENCE, 0, true).begin(3, (s, p) -> .5);

    assertThat(clean.asked(masked, 0)).isEmpty();
    assertThat(published.asked(masked, 0)).isEqualTo(masked);
    assertThat(published.select(THREE, masked, 0).isEmpty()).isTrue();
    assertThat(clean.asked(masked, 15)).isEqualTo(masked);
  }

  @Test
  void noiseDrawsPositionsFromTheSoftmaxOfTheirScores() {
    RankedReveals policy = new RankedReveals(new RevealGrid(3, 0), Score.CONFIDENCE, 0.2, false);
    Candidates two = Candidates.ofConfidence(.6, .4, 0);
    KeyedRandom random = KeyedRandom.of(7);
    int draws = 20_000;
    int first = 0;
    for (int draw = 0; draw < draws; draw++) {
      KeyedRandom own = random.split(draw);
      Reveals reveals = policy.begin(3, (step, position) -> own.uniform(step, position));
      first += reveals.select(two, new int[] {0, 1, 2}, 0).get(0) ? 1 : 0;
    }
    double expected = Math.exp(3) / (Math.exp(3) + Math.exp(2) + 1);
    assertThat((double) first / draws).isCloseTo(expected, within(0.015));
  }

  @Test
  void refusesNegativeNoise() {
    assertThatThrownBy(() -> new RankedReveals(GRID, Score.MARGIN, -1, false))
        .hasMessageContaining("scoreTemperature");
  }
}
