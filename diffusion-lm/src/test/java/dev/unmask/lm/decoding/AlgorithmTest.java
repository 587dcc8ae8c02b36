package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.decoding.FilteredSampler.Scoring;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.RankedReveals.Score;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlgorithmTest {
  private static final LetterTokenizer LETTERS = new LetterTokenizer(TinyModel.VOCABULARY - 1);
  private static final int[] PROMPT = {3, 1, 4, 1, 5};
  private static final List<Algorithm> WHOLE =
      List.of(
          CanvasAlgorithms.origin(),
          CanvasAlgorithms.ranked("maskgit_plus", Score.CONFIDENCE),
          CanvasAlgorithms.carried("confidence_threshold", 0.9));

  static Stream<Algorithm> algorithms() {
    return Stream.concat(BlockAlgorithms.ALL.stream(), WHOLE.stream());
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void fillsTheAnswerInTheStepsAskedForUnlessItMayTakeMore(Algorithm algorithm) {
    try (CanvasModel model = model()) {
      DecodeReport few = report(model, algorithm, 4);
      DecodeReport many = report(model, algorithm, 16);

      assertThat(few.tokens()).isEqualTo(16);
      assertThat(many.nfe()).isLessThanOrEqualTo(16);
      boolean byThreshold = !Double.isNaN(algorithm.threshold());
      if (!byThreshold) {
        assertThat(few.nfe()).isLessThanOrEqualTo(4);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void withoutStepsUnmasksOneTokenAStepAtMostOnAverage(Algorithm algorithm) {
    try (CanvasModel model = model()) {
      DecodeSettings settings = settings(model);

      assertThat(algorithm.policy(settings, null, null))
          .isEqualTo(algorithm.policy(settings, settings.maxTokens(), null));
    }
  }

  @ParameterizedTest
  @MethodSource("algorithms")
  void takesAThresholdOnlyWhereItHasOne(Algorithm algorithm) {
    try (CanvasModel model = model()) {
      DecodeSettings settings = settings(model);
      if (Double.isNaN(algorithm.threshold())) {
        assertThatThrownBy(() -> algorithm.policy(settings, 4, 0.5))
            .isInstanceOf(DecodeSettingException.class)
            .hasMessageContaining("threshold")
            .hasMessageContaining(algorithm.name());
      } else {
        assertThat(algorithm.policy(settings, 4, 0.5))
            .isNotEqualTo(algorithm.policy(settings, 4, null));
      }
    }
  }

  @Test
  void stepsAreSharedOutAmongTheBlocksAndNeverExceeded() {
    try (CanvasModel model = model()) {
      DecodeSettings fourBlocks = settings(model);

      assertThat(Algorithm.ofEachBlock(fourBlocks, 16)).isEqualTo(4);
      assertThat(Algorithm.ofEachBlock(fourBlocks, 7)).isEqualTo(1);
      assertThat(Algorithm.ofEachBlock(fourBlocks, 1)).isEqualTo(1);
      assertThat(Algorithm.ofEachBlock(fourBlocks.withMaxTokens(13), 11)).isEqualTo(2);
    }
  }

  @Test
  void namesOfTheWholeCanvasReplaceThoseOfBlocks() {
    Algorithm margin = CanvasAlgorithms.ranked("topk_margin", Score.MARGIN);
    try (CanvasModel model =
        new CanvasModel(
            Generator.of(TinyModel.random(4, 0), LETTERS), Scoring.FILTERED, List.of(margin))) {
      assertThat(model.algorithms())
          .hasSameSizeAs(BlockAlgorithms.ALL)
          .contains(margin)
          .first()
          .isEqualTo(BlockAlgorithms.ALL.getFirst());
    }
  }

  @Test
  void topKOfOneIsGreedyAtAnyTemperature() {
    try (CanvasModel model = model()) {
      for (Algorithm algorithm : List.of(BlockAlgorithms.ALL.get(2), WHOLE.get(1))) {
        DecodeSettings drawn = with(model, algorithm, 16).withSampling(5, 1).withTopK(1);

        assertThat(answer(model, drawn)).isEqualTo(answer(model, drawn.withSeed(8)));
        assertThat(answer(model, drawn.withTopK(0)))
            .isNotEqualTo(answer(model, drawn.withTopK(0).withSeed(8)));
      }
    }
  }

  private static DecodeReport report(CanvasModel model, Algorithm algorithm, int steps) {
    try (Denoising denoising =
        model.start(Canvas.completion(PROMPT), with(model, algorithm, steps))) {
      denoising.finish();
      return denoising.report();
    }
  }

  private static int[] answer(CanvasModel model, DecodeSettings settings) {
    try (Denoising denoising = model.start(Canvas.completion(PROMPT), settings)) {
      denoising.finish();
      return denoising.canvas();
    }
  }

  private static DecodeSettings with(CanvasModel model, Algorithm algorithm, int steps) {
    DecodeSettings settings = settings(model);
    return settings.withPolicy(algorithm.policy(settings, steps, null));
  }

  private static DecodeSettings settings(CanvasModel model) {
    return model
        .defaults()
        .withMaxTokens(16)
        .withBlockSize(4)
        .withCache(CacheKind.NONE)
        .withSampling(1, 1)
        .withMayEnd(false);
  }

  private static CanvasModel model() {
    return new CanvasModel(Generator.of(TinyModel.random(4, 0), LETTERS), Scoring.FILTERED, WHOLE);
  }
}
