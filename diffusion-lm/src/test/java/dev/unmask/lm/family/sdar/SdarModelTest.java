package dev.unmask.lm.family.sdar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.TinyModel;
import dev.unmask.lm.decoding.policy.ConfidenceAbove;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.EvenSplit;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.family.sdar.SdarModel.Compat;
import dev.unmask.lm.testing.SilentTokens;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SdarModelTest {
  private static final int BLOCK = 4;
  private static final int MASK = TinyModel.VOCABULARY - 1;

  /** Prompts without a token, shorter than a block, of whole blocks and in between. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 8, 9})
  void givesTheSameTokensWhateverIsCachedAndWhenever(int prompt) {
    int[] published = answer(Compat.PUBLISHED, prompt, CacheKind.BLOCK, 12 - prompt % BLOCK);

    assertThat(answer(Compat.CLEAN, prompt, CacheKind.BLOCK, 12 - prompt % BLOCK))
        .isEqualTo(published);
    assertThat(answer(Compat.CLEAN, prompt, CacheKind.NONE, 12 - prompt % BLOCK))
        .isEqualTo(published);
  }

  @Test
  void storingAlongsideSavesAPassABlock() {
    try (SdarModel clean = model(Compat.CLEAN);
        SdarModel published = model(Compat.PUBLISHED);
        Denoising first = clean.start(Canvas.completion(prompt(8)), settings(clean, 12));
        Denoising second = published.start(Canvas.completion(prompt(8)), settings(published, 12))) {
      assertThat(second.finish().nfe()).isEqualTo(first.finish().nfe() + 1 + 3);
    }
  }

  @Test
  void writesAsManyTokensAsAskedForAndPublishedWholeBlocks() {
    assertThat(answer(Compat.CLEAN, 5, CacheKind.BLOCK, 5)).hasSize(5);
    assertThat(answer(Compat.PUBLISHED, 5, CacheKind.BLOCK, 5)).hasSize(7);
  }

  @Test
  void endsAtAnyOfItsEndTokens() {
    int[] whole = answer(Compat.CLEAN, 6, CacheKind.BLOCK, 14);
    int end = whole[3];
    int at =
        IntStream.range(0, whole.length).filter(i -> whole[i] == end).findFirst().orElseThrow();
    try (SdarModel model =
            SdarModel.of(
                TinyModel.random(3, BLOCK),
                SilentTokens.of(MASK),
                Set.of(end, TinyModel.VOCABULARY + 1),
                Compat.CLEAN);
        Denoising denoising = model.start(Canvas.completion(prompt(6)), settings(model, 14))) {
      denoising.finish();
      assertThat(denoising.tokens()).isEqualTo(Arrays.copyOf(whole, at));
    }
  }

  @Test
  void neverChangesWhatIsGivenThoughAStepMayUnmaskMoreThanIsMasked() {
    int[] prompt = prompt(7);
    try (SdarModel model = model(Compat.PUBLISHED);
        Denoising denoising =
            model.start(
                Canvas.completion(prompt),
                settings(model, 5).withPolicy(new EvenSplit(new FixedTokensPerStep(1), 1)))) {
      while (!denoising.finished()) {
        denoising.step();
        assertThat(Arrays.copyOf(denoising.canvas(), prompt.length)).isEqualTo(prompt);
      }
      assertThat(denoising.canvas()).doesNotContain(MASK);
    }
  }

  @Test
  void followsThePublishedLoopWithItsCacheOnly() {
    try (SdarModel model = model(Compat.PUBLISHED)) {
      assertThatThrownBy(() -> model.check(model.defaults().withCache(CacheKind.NONE)))
          .isInstanceOf(DecodeSettingException.class)
          .hasMessageContaining("BLOCK for the published loop");
    }
  }

  private static int[] answer(Compat compat, int prompt, CacheKind cache, int tokens) {
    try (SdarModel model = model(compat);
        Denoising denoising =
            model.start(
                Canvas.completion(prompt(prompt)), settings(model, tokens).withCache(cache))) {
      denoising.finish();
      return denoising.tokens();
    }
  }

  private static SdarModel model(Compat compat) {
    return SdarModel.of(TinyModel.random(3, BLOCK), SilentTokens.of(MASK), Set.of(), compat);
  }

  private static DecodeSettings settings(SdarModel model, int tokens) {
    return model
        .defaults()
        .withMaxTokens(tokens)
        .withPolicy(new EvenSplit(new ConfidenceAbove(0.4), BLOCK))
        .withSampling(0, 1);
  }

  private static int[] prompt(int length) {
    return IntStream.range(0, length).map(i -> (7 * i + 2) % (MASK - 1)).toArray();
  }
}
