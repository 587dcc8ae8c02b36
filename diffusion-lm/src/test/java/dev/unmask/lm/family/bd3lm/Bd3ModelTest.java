package dev.unmask.lm.family.bd3lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.DiffusionTransformer;
import dev.unmask.lm.backbone.NoiseConditioning;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeReport;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.Precision;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bd3ModelTest {
  private static final int CONTEXT = 16;
  private static Bd3Model model;

  @BeforeAll
  static void open() {
    ByteTokenizer tokenizer = new ByteTokenizer();
    BackboneConfig config =
        BackboneConfig.dit(
                tokenizer.maskId() + 1,
                tokenizer.maskId(),
                2,
                32,
                2,
                CONTEXT,
                new NoiseConditioning(8, false))
            .decodingBy(Layout.BLOCK_CAUSAL, 4);
    model =
        new Bd3Model(
            DiffusionTransformer.forDecoding(
                config, ClippedBlockDiffusionTest.weights(config), Precision.F32),
            tokenizer);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  /** Empty, shorter than a block, a block, between blocks, and beyond the window. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 6, 8, 21})
  void keepingFinishedBlocksChangesNothing(int promptLength) {
    int[] prompt = new int[promptLength];
    Arrays.setAll(prompt, i -> 'a' + i);
    for (int tokensPerStep : new int[] {1, 2}) {
      DecodeSettings settings = settings(30).withPolicy(new FixedTokensPerStep(tokensPerStep));

      int[] cached = decode(prompt, settings.withCache(CacheKind.BLOCK));
      int[] uncached = decode(prompt, settings.withCache(CacheKind.NONE));

      assertThat(cached).isEqualTo(uncached).hasSize(30);
      assertThat(cached).doesNotContain(model.tokenizer().maskId());
    }
  }

  @Test
  void firstHittingTakesOneForwardPassAToken() {
    try (Denoising denoising = model.start(Canvas.completion('x', 'y'), settings(23))) {
      DecodeReport report = denoising.finish();

      assertThat(report.nfe()).isEqualTo(23);
      assertThat(report.tokens()).isEqualTo(23);
      assertThat(report.cacheHits()).isPositive();
    }
  }

  @Test
  void ancestralSamplingTakesAtMostItsStepsForEachBlock() {
    DecodeSettings settings = settings(24).withPolicy(new FixedTokensPerStep(2));
    try (Denoising denoising = model.start(Canvas.completion('a', 'b', 'c', 'd'), settings)) {
      assertThat(denoising.finish().nfe()).isBetween(6, 12);
    }
  }

  @Test
  void theSameSeedGivesTheSameTextAndAnotherAnother() {
    int[] prompt = {'h', 'i'};
    DecodeSettings varied = settings(20).withSampling(3, 1);

    assertThat(decode(prompt, varied)).isEqualTo(decode(prompt, varied));
    assertThat(decode(prompt, varied.withSeed(9))).isNotEqualTo(decode(prompt, varied));
  }

  @Test
  void thresholdsDecodeItAsAnyBlockCausalModel() {
    DecodeSettings settings = settings(8).withPolicy(new ConfidenceThreshold(0.5));
    assertThat(decode(new int[] {'a', 'b'}, settings)).hasSize(8);
  }

  @Test
  void refusesACacheThatWouldNotBeExact() {
    assertThatThrownBy(() -> model.check(settings(8).withCache(CacheKind.DUAL)))
        .isInstanceOf(DecodeSettingException.class)
        .hasMessageContaining("cache");
  }

  private static DecodeSettings settings(int tokens) {
    return model.defaults().withMaxTokens(tokens).withMayEnd(false);
  }

  private static int[] decode(int[] prompt, DecodeSettings settings) {
    try (Denoising denoising = model.start(Canvas.completion(prompt), settings)) {
      denoising.finish();
      return denoising.tokens();
    }
  }

  /** Its answer for finished blocks would change with the time of the block in work. */
  @Test
  void aNetworkThatIsToldTheTimeIsRefusedByTheNameOfItsSetting() {
    BackboneConfig config =
        BackboneConfig.dit(5, 4, 1, 8, 1, CONTEXT, new NoiseConditioning(4, true))
            .decodingBy(Layout.BLOCK_CAUSAL, 4);
    try (DiffusionTransformer network =
        DiffusionTransformer.forDecoding(
            config, ClippedBlockDiffusionTest.weights(config), Precision.F32)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Bd3Model(network, new ByteTokenizer()))
          .withMessageContaining("time_conditioning must be false");
    }
  }
}
