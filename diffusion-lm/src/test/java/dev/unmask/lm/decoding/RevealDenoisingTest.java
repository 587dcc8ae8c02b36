package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.decoding.FilteredSampler.Filter;
import dev.unmask.lm.decoding.FilteredSampler.Scoring;
import dev.unmask.lm.decoding.policy.CarriedQuota;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.IndependentReveals;
import dev.unmask.lm.decoding.policy.RankedReveals;
import dev.unmask.lm.decoding.policy.RankedReveals.Score;
import dev.unmask.lm.decoding.policy.RevealGrid;
import dev.unmask.lm.decoding.policy.RevealPolicy;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RevealDenoisingTest {
  private static final LetterTokenizer LETTERS = new LetterTokenizer(TinyModel.VOCABULARY - 1);
  private static final int[] PROMPT = {3, 1, 4, 1, 5};
  private static final int[] SUFFIX = {9, 2};

  static Stream<RevealPolicy> policies() {
    RevealGrid fine = new RevealGrid(30, 1e-3);
    RevealGrid coarse = new RevealGrid(4, 1e-3);
    return Stream.of(
        new IndependentReveals(fine, false),
        new IndependentReveals(coarse, true),
        new RankedReveals(fine, Score.CONFIDENCE, 0, false),
        new RankedReveals(coarse, Score.MARGIN, 0, true),
        new RankedReveals(coarse, Score.NEGATIVE_ENTROPY, 0.3, false),
        new CarriedQuota(5, 0.6, false));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void keepsWhatIsGivenAndLeavesNoMask(RevealPolicy policy) {
    try (CanvasModel model = model(4)) {
      for (int seed = 0; seed < 5; seed++) {
        DecodeSettings settings = settings(model, policy).withSeed(seed);
        try (Denoising denoising = model.start(Canvas.infill(PROMPT, SUFFIX), settings)) {
          int masked = settings.maxTokens();
          while (!denoising.finished()) {
            int left = denoising.step().maskedLeft();
            assertThat(left).isLessThanOrEqualTo(masked);
            masked = left;
          }
          int[] canvas = denoising.canvas();
          assertThat(masked).isZero();
          assertThat(Arrays.copyOf(canvas, PROMPT.length)).isEqualTo(PROMPT);
          assertThat(Arrays.copyOfRange(canvas, canvas.length - SUFFIX.length, canvas.length))
              .isEqualTo(SUFFIX);
          assertThat(canvas).doesNotContain(LETTERS.maskId());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void writesTheSameForTheSameSeed(RevealPolicy policy) {
    try (CanvasModel model = model(4)) {
      DecodeSettings settings = settings(model, policy).withSeed(11);

      assertThat(answer(model, settings)).isEqualTo(answer(model, settings));
      assertThat(answer(model, settings)).isNotEqualTo(answer(model, settings.withSeed(12)));
    }
  }

  @Test
  void stepsThatRevealNothingCostNoForwardPass() {
    try (CanvasModel model = model(4)) {
      RevealGrid fine = new RevealGrid(200, 1e-3);
      DecodeSettings clean =
          settings(model, new RankedReveals(fine, Score.CONFIDENCE, 0, false)).withSampling(0, 1);
      DecodeSettings published =
          clean.withPolicy(new RankedReveals(fine, Score.CONFIDENCE, 0, true));

      assertThat(report(model, clean).nfe()).isLessThanOrEqualTo(clean.maxTokens());
      assertThat(report(model, published).nfe()).isEqualTo(200);
      assertThat(answer(model, clean)).isEqualTo(answer(model, published));
    }
  }

  @Test
  void guidanceChangesTheAnswer() {
    try (CanvasModel model = model(4)) {
      RevealPolicy policy = new RankedReveals(new RevealGrid(4, 1e-3), Score.CONFIDENCE, 0, false);
      DecodeSettings settings = settings(model, policy);

      assertThat(guided(model, settings, policy, 4))
          .isNotEqualTo(guided(model, settings, policy, 0));
    }
  }

  private static int[] guided(
      CanvasModel model, DecodeSettings settings, RevealPolicy policy, double guidance) {
    OpenCanvas open = model.open(Canvas.completion(PROMPT), settings, OpenCanvas.End.CUTS);
    KeyedRandom random = KeyedRandom.of(1);
    try (Denoising denoising =
        model.reveal(
            open, policy, new Filter(0, 1, 0), guidance, RaddSampler.Uniforms.keyed(random))) {
      denoising.finish();
      return denoising.canvas();
    }
  }

  @Test
  void aPolicyOverTheWholeCanvasTakesNoCache() {
    try (CanvasModel model = model(4)) {
      RevealPolicy policy = new CarriedQuota(5, 0.6, false);
      DecodeSettings settings = settings(model, policy).withCache(CacheKind.DUAL);

      assertThatThrownBy(() -> model.start(Canvas.completion(PROMPT), settings))
          .isInstanceOf(DecodeSettingException.class)
          .hasMessageContaining("cache");
    }
  }

  @Test
  void otherPoliciesDecodeInBlocks() {
    try (CanvasModel model = model(4)) {
      DecodeSettings settings =
          model.defaults().withMaxTokens(12).withBlockSize(4).withSampling(0, 1).withMayEnd(false);
      try (Denoising denoising = model.start(Canvas.completion(PROMPT), settings)) {
        denoising.finish();

        assertThat(denoising.report().blocks()).isEqualTo(3);
      }
    }
  }

  private static CanvasModel model(long seed) {
    return new CanvasModel(
        Generator.of(TinyModel.random(seed, 0), LETTERS), Scoring.FILTERED, List.of());
  }

  private static DecodeSettings settings(CanvasModel model, RevealPolicy policy) {
    return model
        .defaults()
        .withMaxTokens(15)
        .withPolicy(policy)
        .withCache(CacheKind.NONE)
        .withSampling(1, 0.95)
        .withMayEnd(false)
        .withStop(List.of());
  }

  private static int[] answer(CanvasModel model, DecodeSettings settings) {
    try (Denoising denoising = model.start(Canvas.completion(PROMPT), settings)) {
      denoising.finish();
      return denoising.tokens();
    }
  }

  private static DecodeReport report(CanvasModel model, DecodeSettings settings) {
    try (Denoising denoising = model.start(Canvas.completion(PROMPT), settings)) {
      return denoising.finish();
    }
  }
}
