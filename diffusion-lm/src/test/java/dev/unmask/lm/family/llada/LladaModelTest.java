package dev.unmask.lm.family.llada;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.OpenCanvas.End;
import dev.unmask.lm.decoding.TinyModel;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.DecodingPolicy;
import dev.unmask.lm.decoding.policy.Factor;
import dev.unmask.lm.family.llada.EvenQuota.Remasking;
import dev.unmask.lm.family.llada.LladaDecoding.LateEnd;
import dev.unmask.lm.testing.SilentTokens;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class LladaModelTest {
  private static final int MASK = TinyModel.VOCABULARY - 1;
  private static final int[] PROMPT = {3, 7, 1, 12, 5};

  private final LladaModel model =
      new LladaModel(
          Generator.of(
              TinyModel.random(11, 0), new SilentTokens(TinyModel.VOCABULARY - 1, MASK, -1)));

  @AfterEach
  void close() {
    model.close();
  }

  private static DecodeSettings settings(DecodingPolicy policy, CacheKind cache) {
    return new DecodeSettings(16, 8, policy, cache, 0, 1, 5, List.of());
  }

  private Denoising finished(DecodeSettings settings, LladaDecoding decoding) {
    Denoising denoising = model.start(Canvas.completion(PROMPT), settings, decoding, 0);
    denoising.finish();
    return denoising;
  }

  @ParameterizedTest
  @EnumSource(value = CacheKind.class, mode = Mode.EXCLUDE, names = "BLOCK")
  void fillsEveryPositionAndLeavesThePromptAlone(CacheKind cache) {
    for (DecodingPolicy policy :
        List.of(
            new EvenQuota(3),
            new EvenQuota(2, Remasking.RANDOM),
            new ConfidenceThreshold(0.6),
            new Factor(1))) {
      try (Denoising denoising = finished(settings(policy, cache), LladaDecoding.plain())) {
        int[] canvas = denoising.canvas();
        assertThat(canvas).doesNotContain(MASK);
        assertThat(Arrays.copyOf(canvas, PROMPT.length)).isEqualTo(PROMPT);
        assertThat(denoising.report().nfe()).isBetween(2, 16);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,2", "3,6", "8,16", "20,16"})
  void aQuotaTakesItsStepsButNeverMorePassesThanMasks(int steps, int nfe) {
    try (Denoising denoising =
        finished(settings(new EvenQuota(steps), CacheKind.NONE), LladaDecoding.plain())) {
      assertThat(denoising.report().nfe()).isEqualTo(nfe);
    }
  }

  @Test
  void thePublishedLoopAlsoRunsStepsThatHaveNothingToFill() {
    DecodeSettings settings = settings(new EvenQuota(20), CacheKind.NONE);
    LladaDecoding published = new LladaDecoding(LateEnd.none(), BlockLoop.published(20));
    try (Denoising wasteful = finished(settings, published);
        Denoising own = finished(settings, LladaDecoding.plain())) {
      assertThat(wasteful.canvas()).isEqualTo(own.canvas());
      assertThat(wasteful.report().nfe()).isEqualTo(40);
    }
  }

  @Test
  void earlyFastDllmWastesOnePassOnABlockThatIsFilledAtOnce() {
    DecodeSettings settings = settings(new EvenQuota(1), CacheKind.PREFIX);
    LladaDecoding early =
        new LladaDecoding(LateEnd.none(), BlockLoop.earlyFastDllm(CacheKind.PREFIX));
    try (Denoising wasteful = finished(settings, early);
        Denoising own = finished(settings, LladaDecoding.plain())) {
      assertThat(wasteful.canvas()).isEqualTo(own.canvas());
      assertThat(own.report().nfe()).isEqualTo(2);
      assertThat(wasteful.report().nfe()).isEqualTo(4);
    }
  }

  @Test
  void laterFastDllmLeavesMasksBehindADualCache() {
    DecodeSettings settings = settings(new ConfidenceThreshold(1), CacheKind.DUAL);
    LladaDecoding later =
        new LladaDecoding(LateEnd.none(), BlockLoop.laterFastDllm(CacheKind.DUAL, 3));
    try (Denoising denoising = finished(settings, later)) {
      assertThat(denoising.report().nfe()).isEqualTo(6);
      assertThat(denoising.canvas()).contains(MASK);
      assertThat(denoising.finishReason()).isPresent();
    }
  }

  @Test
  void blocksFilledInOnePassAreTheSameBehindEveryCache() {
    try (Denoising none =
            finished(settings(new EvenQuota(1), CacheKind.NONE), LladaDecoding.plain());
        Denoising prefix =
            finished(settings(new EvenQuota(1), CacheKind.PREFIX), LladaDecoding.plain());
        Denoising dual =
            finished(settings(new EvenQuota(1), CacheKind.DUAL), LladaDecoding.plain())) {
      assertThat(prefix.canvas()).isEqualTo(none.canvas());
      assertThat(dual.canvas()).isEqualTo(none.canvas());
    }
  }

  @Test
  void guidanceWithoutAPromptChangesNothing() {
    DecodeSettings settings = settings(new EvenQuota(4), CacheKind.NONE);
    try (Denoising plain = model.start(Canvas.completion(), settings);
        Denoising guided = model.start(Canvas.completion(), settings.withGuidance(2))) {
      plain.finish();
      guided.finish();
      assertThat(guided.canvas()).isEqualTo(plain.canvas());
      assertThat(guided.report().nfe()).isEqualTo(plain.report().nfe());
    }
  }

  @Test
  void guidanceMovesTheAnswer() {
    DecodeSettings settings = settings(new EvenQuota(8), CacheKind.NONE);
    try (Denoising plain = finished(settings, LladaDecoding.plain());
        Denoising guided = finished(settings.withGuidance(3), LladaDecoding.plain())) {
      assertThat(guided.canvas()).isNotEqualTo(plain.canvas());
    }
  }

  @Test
  void tokensOfALateEndAreUnmaskedLast() {
    DecodeSettings settings = settings(new EvenQuota(8), CacheKind.NONE).withBlockSize(16);
    int often;
    try (Denoising plain = model.start(Canvas.completion(PROMPT), settings)) {
      often = plain.step().committed().getFirst().token();
    }
    LladaDecoding late =
        new LladaDecoding(new LateEnd(Set.of(often), false), BlockLoop.untilFilled());
    try (Denoising denoising = model.start(Canvas.completion(PROMPT), settings, late, 0)) {
      assertThat(denoising.step().committed()).noneMatch(one -> one.token() == often);
    }
  }

  @Test
  void drawsDependOnSeedAndSequenceOnly() {
    DecodeSettings settings =
        settings(new EvenQuota(4, Remasking.RANDOM), CacheKind.DUAL).withSampling(1, 0.9);
    int[] first;
    try (Denoising denoising = finished(settings, LladaDecoding.plain())) {
      first = denoising.canvas();
    }
    try (Denoising again = finished(settings, LladaDecoding.plain());
        Denoising other = finished(settings.withSeed(6), LladaDecoding.plain())) {
      assertThat(again.canvas()).isEqualTo(first);
      assertThat(other.canvas()).isNotEqualTo(first);
    }
  }

  @Test
  void refusesTheCacheOfBlockCausalModels() {
    DecodeSettings settings = settings(new EvenQuota(2), CacheKind.BLOCK);

    assertThatThrownBy(() -> model.start(Canvas.completion(PROMPT), settings))
        .isInstanceOf(DecodeSettingException.class)
        .hasMessageContaining("cache");
  }

  @Test
  void aLoopNeedsAPass() {
    assertThatThrownBy(() -> new BlockLoop(0, 1, End.STOPS))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
