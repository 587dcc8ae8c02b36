package dev.unmask.lm.family.fastdllm2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.Lockstep;
import dev.unmask.lm.decoding.TinyModel;
import dev.unmask.lm.decoding.policy.ConfidenceAbove;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.family.fastdllm2.FastDllm2Model.Compat;
import dev.unmask.lm.testing.SilentTokens;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FastDllm2ModelTest {
  private static final int BLOCK = 8;
  private static final int SUB_BLOCK = 4;
  private static final int MASK = TinyModel.VOCABULARY - 1;

  /** Prompts without a token, shorter than a block, of whole blocks and in between. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 8, 13, 16})
  void givesTheSameTokensWithTheExactCacheAndWithoutOne(int prompt) {
    int[] cached = answer(Compat.CLEAN, prompt, CacheKind.BLOCK, 21);

    assertThat(cached).hasSize(21);
    assertThat(answer(Compat.CLEAN, prompt, CacheKind.NONE, 21)).isEqualTo(cached);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 13})
  void startsAsThePublishedLoopDoes(int prompt) {
    int[] published = answer(Compat.PUBLISHED, prompt, CacheKind.BLOCK, 24);
    int shared = published.length - 1;

    assertThat(answer(Compat.CLEAN, prompt, CacheKind.BLOCK, shared))
        .isEqualTo(Arrays.copyOf(published, shared));
  }

  @ParameterizedTest
  @CsvSource({"5, 8, 4", "5, 24, 20", "16, 8, 9", "16, 23, 17", "13, 16, 12"})
  void publishedLengthsCountInWholeBlocks(int prompt, int maxTokens, int tokens) {
    assertThat(answer(Compat.PUBLISHED, prompt, CacheKind.BLOCK, maxTokens)).hasSize(tokens);
  }

  @Test
  void seesAPromptOfExactlyOneBlock() {
    int[] other = prompt(BLOCK);
    other[0] = 11;
    try (FastDllm2Model model = model(Compat.CLEAN, Set.of());
        Denoising first = model.start(Canvas.completion(prompt(BLOCK)), settings(model, 9));
        Denoising second = model.start(Canvas.completion(other), settings(model, 9))) {
      assertThat(first.step().committed().getFirst().probability())
          .isNotEqualTo(second.step().committed().getFirst().probability());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"BLOCK", "DUAL"})
  void takesOneTokenAPassAtThresholdOne(CacheKind cache) {
    try (FastDllm2Model model = model(Compat.CLEAN, Set.of());
        Denoising denoising =
            model.start(
                Canvas.completion(prompt(11)),
                settings(model, 20).withCache(cache).withPolicy(new ConfidenceAbove(1)))) {
      assertThat(denoising.finish().nfe()).isEqualTo(20);
      assertThat(denoising.canvas()).startsWith(prompt(11));
    }
  }

  @Test
  void endsAtTheFirstEndToken() {
    int[] whole = answer(Compat.CLEAN, 10, CacheKind.BLOCK, 30);
    int end = whole[8];
    int at = IntStream.range(0, 30).filter(i -> whole[i] == end).findFirst().orElseThrow();
    try (FastDllm2Model model = model(Compat.CLEAN, Set.of(end));
        Denoising denoising = model.start(Canvas.completion(prompt(10)), settings(model, 30))) {
      denoising.finish();
      assertThat(denoising.tokens()).isEqualTo(Arrays.copyOf(whole, at));
    }
  }

  @Test
  void fillsAGapBeforeASuffix() {
    int[] suffix = {4, 5, 6};
    for (CacheKind cache : List.of(CacheKind.NONE, CacheKind.BLOCK)) {
      try (FastDllm2Model model = model(Compat.CLEAN, Set.of());
          Denoising denoising =
              model.start(Canvas.infill(prompt(6), suffix), settings(model, 13).withCache(cache))) {
        denoising.finish();
        assertThat(denoising.tokens()).hasSize(13).doesNotContain(MASK);
        assertThat(Arrays.copyOfRange(denoising.canvas(), 19, 22)).isEqualTo(suffix);
      }
    }
  }

  @Test
  void fillsSeveralCanvasesInFewerJointPassesThanOneByOne() {
    List<int[]> prompts = List.of(prompt(5), prompt(13), prompt(18));
    try (FastDllm2Model model = model(Compat.PUBLISHED, Set.of());
        Lockstep batch = model.start(prompts, settings(model, 16))) {
      batch.finish();
      int separate = batch.canvases().stream().mapToInt(row -> row.report().nfe()).sum();
      int longest =
          batch.canvases().stream().mapToInt(row -> row.report().nfe()).max().orElseThrow();
      assertThat(batch.passes()).isBetween(longest, separate - 1);
    }
  }

  @Test
  void refusesSubBlocksThatDoNotDivideABlock() {
    try (FastDllm2Model model = model(Compat.CLEAN, Set.of())) {
      assertThatThrownBy(() -> model.check(model.defaults().withBlockSize(3)))
          .isInstanceOf(DecodeSettingException.class)
          .hasMessageContaining("a divisor of the model's block size 8");
    }
  }

  private static int[] answer(Compat compat, int prompt, CacheKind cache, int tokens) {
    try (FastDllm2Model model = model(compat, Set.of());
        Denoising denoising =
            model.start(
                Canvas.completion(prompt(prompt)), settings(model, tokens).withCache(cache))) {
      denoising.finish();
      return denoising.tokens();
    }
  }

  private static FastDllm2Model model(Compat compat, Set<Integer> ends) {
    return FastDllm2Model.of(TinyModel.shifted(5, BLOCK), SilentTokens.of(MASK), ends, compat);
  }

  private static DecodeSettings settings(FastDllm2Model model, int tokens) {
    return model
        .defaults()
        .withMaxTokens(tokens)
        .withBlockSize(SUB_BLOCK)
        .withPolicy(new ConfidenceAbove(0.5))
        .withSampling(0, 1);
  }

  private static int[] prompt(int length) {
    return IntStream.range(0, length).map(i -> (7 * i + 2) % (MASK - 1)).toArray();
  }
}
