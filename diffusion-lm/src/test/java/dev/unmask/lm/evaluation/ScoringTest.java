package dev.unmask.lm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.LetterTokenizer;
import dev.unmask.lm.decoding.TinyModel;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Covers(
    method = "radd",
    parts = {Part.SCORE})
@Covers(
    method = "sdar",
    parts = {Part.SCORE})
class ScoringTest {
  private static final LetterTokenizer LETTERS = new LetterTokenizer(TinyModel.VOCABULARY - 1);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4})
  void givesProbabilitiesThatSumToOneOverAllTexts(int blockSize) {
    try (Generator generator = Generator.of(TinyModel.random(3, blockSize), LETTERS)) {
      double sum = 0;
      for (int first = 0; first < TinyModel.VOCABULARY - 1; first++) {
        for (int second = 0; second < TinyModel.VOCABULARY - 1; second++) {
          int[] text = {4, 5, 6, first, second};
          sum += Math.exp(-BlockScorer.score(generator, text, 3).totalNats());
        }
      }

      assertThat(sum).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void scoresTheSameWhateverTheNumberOfTokensScored() {
    try (Generator generator = Generator.of(TinyModel.random(3, 4), LETTERS)) {
      int[] text = ids(3, 27);

      TextScore all = BlockScorer.score(generator, text, 0);
      TextScore last = BlockScorer.score(generator, text, 18);

      assertThat(last.nats()).containsExactly(Arrays.copyOfRange(all.nats(), 18, 27), within(1e-6));
      assertThat(last.perplexity()).isCloseTo(Math.exp(last.totalNats() / 9), within(1e-9));
      assertThat(all.nfe()).isEqualTo(27);
    }
  }

  @Test
  void boundsOneTokenByItsExactScoreInOneForwardPass() {
    try (Generator generator = Generator.of(TinyModel.random(4, 0), LETTERS)) {
      int[] text = ids(1, 12);

      double exact = BlockScorer.score(generator, text, 11).totalNats();

      assertThat(MonteCarloBound.score(generator, text, 11, 1, 7).totalNats())
          .isCloseTo(exact, within(1e-6));
      assertThat(MonteCarloBound.score(generator, text, 11, 3, 8).totalNats())
          .isCloseTo(exact, within(1e-6));
    }
  }

  @Test
  void keepsTheBoundsMeanWhateverTheNumberOfDraws() {
    try (Generator generator = Generator.of(TinyModel.random(4, 0), LETTERS)) {
      int[] text = ids(2, 5);
      double[] few = new double[600];
      double[] many = new double[200];
      Arrays.setAll(few, seed -> MonteCarloBound.score(generator, text, 0, 2, seed).natsPerToken());
      Arrays.setAll(
          many, seed -> MonteCarloBound.score(generator, text, 0, 8, seed + 9_000).natsPerToken());

      double error = Math.sqrt(variance(few) / few.length + variance(many) / many.length);
      assertThat(mean(few)).isCloseTo(mean(many), within(4 * error));
      assertThat(variance(many)).isLessThan(variance(few));
    }
  }

  @Test
  void equalsTheChainRuleWhenPositionsDoNotSeeEachOther() {
    try (Generator generator = Generator.of(TinyModel.positionWise(4), LETTERS)) {
      int[] text = ids(2, 6);
      double exact = BlockScorer.score(generator, text, 0).totalNats();
      double[] bounds = new double[400];
      Arrays.setAll(bounds, seed -> MonteCarloBound.score(generator, text, 0, 6, seed).totalNats());

      assertThat(mean(bounds)).isCloseTo(exact, within(5 * Math.sqrt(variance(bounds) / 400)));
    }
  }

  @Test
  void refusesTextsThatCannotBeScored() {
    try (Generator generator = Generator.of(TinyModel.random(4, 4), LETTERS)) {
      assertThatThrownBy(() -> BlockScorer.score(generator, new int[2], 2))
          .hasMessage("first scored token must be in [0, 2), was 2");
      assertThatThrownBy(() -> BlockScorer.score(generator, new int[97], 2))
          .hasMessage("text has 97 tokens, the model's context holds 96");
      assertThatThrownBy(() -> BlockScorer.score(generator, new int[] {1, 23}, 0))
          .hasMessage("token at 1 must be in the vocabulary and not the mask, was 23");
      assertThatThrownBy(() -> MonteCarloBound.score(generator, new int[3], 0, 1, 1))
          .hasMessageContaining("needs a full-attention model");
    }
  }

  @Test
  void tellsRepetitionFromVariety() {
    int[] varied = {1, 2, 3, 4, 5, 6, 7, 8};
    int[] repeated = {1, 2, 1, 2, 1, 2, 1, 2};

    assertThat(TextStatistics.unigramEntropy(varied)).isCloseTo(Math.log(8), within(1e-12));
    assertThat(TextStatistics.unigramEntropy(repeated)).isCloseTo(Math.log(2), within(1e-12));
    assertThat(TextStatistics.distinct(varied, 2)).isEqualTo(1);
    assertThat(TextStatistics.distinct(repeated, 2)).isCloseTo(2.0 / 7, within(1e-12));
    assertThat(TextStatistics.distinct(varied, 9)).isZero();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
  }

  private static int[] ids(long seed, int length) {
    int[] ids = new int[length];
    Arrays.setAll(ids, i -> KeyedRandom.of(seed).nextInt(TinyModel.VOCABULARY - 2, i));
    return ids;
  }
}
