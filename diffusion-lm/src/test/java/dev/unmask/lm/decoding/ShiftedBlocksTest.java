package dev.unmask.lm.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unmask.lm.testing.SilentTokens;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Block-causal models whose predictions come from the row to the left. */
class ShiftedBlocksTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 8, 13, 16})
  void theBlockCacheIsExact(int prompt) {
    assertThat(answer(prompt, CacheKind.BLOCK)).isEqualTo(answer(prompt, CacheKind.NONE));
  }

  private static int[] answer(int prompt, CacheKind cache) {
    int mask = TinyModel.VOCABULARY - 1;
    int[] given = IntStream.range(0, prompt).map(i -> (7 * i + 2) % (mask - 1)).toArray();
    try (Generator model = Generator.of(TinyModel.shifted(11, 8), SilentTokens.of(mask))) {
      DecodeSettings settings =
          model.defaults().withMaxTokens(20).withCache(cache).withSampling(0, 1);
      try (Denoising denoising = model.start(Canvas.completion(given), settings)) {
        denoising.finish();
        return denoising.tokens();
      }
    }
  }
}
