package dev.unmask.lm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.LetterTokenizer;
import dev.unmask.lm.decoding.TinyModel;
import dev.unmask.lm.evaluation.OptionScores.Normalisation;
import dev.unmask.lm.evaluation.OptionScores.Option;
import dev.unmask.lm.evaluation.Perplexity.Windows;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Covers(
    method = "fast-dllm-v2",
    parts = {Part.SCORE})
class PerplexityTest {
  private static final Tokenizer BYTES = new ByteTokenizer();
  private static final LetterTokenizer LETTERS = new LetterTokenizer(TinyModel.VOCABULARY - 1);

  /** Every token costs as many nats as its id says. */
  private static final TextScorer BY_ID =
      (tokens, from, draws, seed) ->
          new TextScore(
              Arrays.stream(tokens, from, tokens.length).mapToDouble(id -> id / 100.0).toArray(),
              1);

  @Test
  void isExpOfTheMeanOverTokensNotOfTheMeanOverTexts() {
    Perplexity perplexity = new Perplexity(new double[] {6, 1}, new int[] {2, 1}, 7);

    assertThat(perplexity.natsPerToken()).isCloseTo(7.0 / 3, within(1e-12));
    assertThat(perplexity.value()).isCloseTo(Math.exp(7.0 / 3), within(1e-9));
    assertThat(perplexity.bitsPerByte()).isCloseTo(1 / Math.log(2), within(1e-12));
    assertThat(perplexity.scoredTokens()).isEqualTo(3);
  }

  @Test
  void theStandardErrorOfEqualStretchesIsThatOfTheirMeans() {
    Perplexity perplexity = new Perplexity(new double[] {4, 8, 6}, new int[] {2, 2, 2}, 9);

    assertThat(perplexity.standardError()).isCloseTo(1 / Math.sqrt(3), within(1e-12));
    assertThat(new Perplexity(new double[] {4}, new int[] {2}, 2).standardError()).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"10,10,0", "10,4,0", "10,1,0", "64,64,0", "7,7,1", "10,9,1"})
  void windowsScoreEveryTokenOnceButThoseThatNothingPredicts(int length, int stride, int first) {
    int[] text = BYTES.encode("What was the weather like in the north of the country?");
    int lost = stride == length && first == 1 ? Math.ceilDiv(text.length, length) : first;

    Perplexity perplexity =
        Perplexity.of(BY_ID, BYTES, text, new Windows(length, stride), first, 1, 0);

    assertThat(perplexity.scoredTokens()).isEqualTo(text.length - lost);
    assertThat(perplexity.bytes()).isEqualTo(text.length - lost);
    if (lost == 0) {
      assertThat(perplexity.natsPerToken())
          .isCloseTo(Arrays.stream(text).average().orElseThrow() / 100, within(1e-9));
    }
  }

  @Test
  void everyTokenBehindTheFirstWindowHasTheContextThatWindowAndStrideLeaveIt() {
    List<Integer> contexts = new ArrayList<>();
    TextScorer watching =
        (tokens, from, draws, seed) -> {
          contexts.add(from);
          return BY_ID.score(tokens, from, draws, seed);
        };

    Perplexity.of(watching, BYTES, new int[26], new Windows(10, 4), 0, 1, 0);

    assertThat(contexts).containsExactly(0, 6, 6, 6, 6);
  }

  @Test
  void samplesAreScoredByTheTokensOfTheJudge() {
    Perplexity perplexity = Perplexity.ofSamples(BY_ID, BYTES, List.of("ab", "c", ""), 0);

    assertThat(perplexity.nats()).containsExactly(new double[] {1.95, .99}, within(1e-9));
    assertThat(perplexity.tokens()).containsExactly(2, 1);
    assertThatThrownBy(() -> Perplexity.ofSamples(BY_ID, BYTES, List.of("a"), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no token");
  }

  @Test
  void refusesWindowsThatDoNotMoveOrLeaveGaps() {
    assertThatThrownBy(() -> new Windows(8, 0)).hasMessageContaining("stride must be in [1, 8]");
    assertThatThrownBy(() -> new Windows(8, 9)).hasMessageContaining("stride must be in [1, 8]");
    assertThatThrownBy(() -> new Windows(1, 1)).hasMessageContaining("window");
  }

  @Test
  void optionsCompareByWhatTheyAreDividedBy() {
    List<Option> options =
        List.of(new Option("äöü", new int[] {90, 90}), new Option("x", new int[] {100}));

    assertThat(options(options, Normalisation.NONE).best()).isEqualTo(1);
    assertThat(options(options, Normalisation.TOKENS).best()).isZero();
    assertThat(options(options, Normalisation.BYTES).normalised(0)).isCloseTo(.3, within(1e-9));
    assertThatThrownBy(() -> options(List.of(), Normalisation.NONE))
        .hasMessageContaining("options");
    assertThatThrownBy(() -> new Option("", new int[0])).hasMessageContaining("options");
  }

  private static OptionScores options(List<Option> options, Normalisation normalisation) {
    return OptionScores.of(BY_ID, new int[] {1, 2, 3}, options, normalisation, 1, 0);
  }

  @Test
  void theOptionsOfOneTokenShareAllProbability() {
    try (Generator generator = Generator.of(TinyModel.random(3, 4), LETTERS)) {
      List<Option> all =
          IntStream.range(0, TinyModel.VOCABULARY - 1)
              .mapToObj(id -> new Option("?", new int[] {id}))
              .toList();
      Map<Estimator, TextScorer> scorers = Scorers.of(generator);

      OptionScores scores =
          OptionScores.of(chainRule(scorers), new int[] {4, 5, 6}, all, Normalisation.NONE, 1, 0);

      assertThat(Arrays.stream(scores.nats()).map(nats -> Math.exp(-nats)).sum())
          .isCloseTo(1, within(1e-6));
      assertThat(scorers).containsOnlyKeys(Estimator.CHAIN_RULE);
    }
  }

  @Test
  void aFullAttentionModelHasBothEstimatorsAndTheyAgreeOnOneToken() {
    try (Generator generator = Generator.of(TinyModel.random(3, 0), LETTERS)) {
      Map<Estimator, TextScorer> scorers = Scorers.of(generator);
      int[] text = {4, 5, 6, 7};

      assertThat(scorers.keySet()).containsExactly(Estimator.CHAIN_RULE, Estimator.ELBO);
      assertThat(scorers.values().stream().map(scorer -> scorer.score(text, 3, 3, 1).totalNats()))
          .allSatisfy(
              nats ->
                  assertThat(nats)
                      .isCloseTo(
                          chainRule(scorers).score(text, 3, 1, 0).totalNats(), within(1e-6)));
    }
  }

  /** Fast-dLLM v2 and Dream: the position before predicts a token, and nothing the first. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2, 4})
  void shiftedModelsGiveProbabilitiesThatSumToOneOverWhatFollowsAToken(int blockSize) {
    try (Generator generator = Generator.of(TinyModel.shifted(3, blockSize), LETTERS)) {
      assertThat(Scorers.first(generator)).isEqualTo(1);
      TextScorer chain = chainRule(Scorers.of(generator));
      double sum = 0;
      for (int id = 0; id < TinyModel.VOCABULARY - 1; id++) {
        for (int second = 0; second < TinyModel.VOCABULARY - 1; second++) {
          sum += Math.exp(-chain.score(new int[] {4, id, second}, 1, 1, 0).totalNats());
        }
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
    }
  }

  private static TextScorer chainRule(Map<Estimator, TextScorer> scorers) {
    TextScorer scorer = scorers.get(Estimator.CHAIN_RULE);
    if (scorer == null) {
      throw new AssertionError(scorers);
    }
    return scorer;
  }
}
