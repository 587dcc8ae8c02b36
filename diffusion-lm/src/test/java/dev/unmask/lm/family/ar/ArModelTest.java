package dev.unmask.lm.family.ar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unmask.lm.attention.AttentionLayout.Causal;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.BackboneConfigJson;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.family.Families;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Next-token models, decoded by the engine of block diffusion. */
class ArModelTest {
  private static final ByteTokenizer BYTES = new ByteTokenizer();
  private static final int TOKENS = 10;
  private static final BackboneConfig SHAPE =
      BackboneConfig.llama(BYTES.vocabularySize() + 1, 2, 32, 2, 48, 32, 0)
          .decodingBy(Layout.CAUSAL, 0);

  @TempDir Path directory;

  @BeforeEach
  void write() {
    SafetensorsWriter file = new SafetensorsWriter();
    try (Weights weights = Weights.random(SHAPE, 3)) {
      weights.write(file, "");
    }
    ModelDirectory.write(directory, BackboneConfigJson.write(SHAPE), file);
    BYTES.save(directory);
  }

  /** The most probable next token, everything computed again for each. */
  private int[] byHand(int[] prompt) {
    int[] ids = prompt;
    try (Backbone network = BackboneLoader.open(directory, PrecisionChoice.F32)) {
      for (int i = 0; i < TOKENS; i++) {
        int[] positions = IntStream.range(0, ids.length).toArray();
        try (ForwardPass pass =
            network.forward(ids, positions, null, new Causal(), new int[] {ids.length - 1})) {
          float[] logits = pass.logitsToHost()[0];
          int best =
              IntStream.range(0, BYTES.endOfText())
                  .reduce(0, (a, b) -> logits[b] > logits[a] ? b : a);
          ids = Arrays.copyOf(ids, ids.length + 1);
          ids[ids.length - 1] = best;
        }
      }
    }
    return Arrays.copyOfRange(ids, prompt.length, ids.length);
  }

  @ParameterizedTest
  @EnumSource(
      value = CacheKind.class,
      names = {"NONE", "BLOCK"})
  void greedyDecodingTakesTheMostProbableNextToken(CacheKind cache) {
    int[] prompt = BYTES.encode("abc");
    try (DiffusionModel model = Families.open(directory, PrecisionChoice.F32)) {
      DecodeSettings settings =
          model
              .defaults()
              .withSampling(0, 1)
              .withMaxTokens(TOKENS)
              .withMayEnd(false)
              .withCache(cache);
      try (Denoising answer = model.start(Canvas.completion(prompt), settings)) {
        assertThat(answer.finish().nfe()).isEqualTo(TOKENS);
        assertThat(answer.tokens()).isEqualTo(byHand(prompt));
      }
    }
  }

  @Test
  void refusesWhatANextTokenModelCannotDo() {
    try (DiffusionModel model = Families.open(directory, PrecisionChoice.F32)) {
      DecodeSettings settings = model.defaults().withMaxTokens(4);

      assertThatThrownBy(() -> model.check(settings.withBlockSize(2)))
          .isInstanceOf(DecodeSettingException.class)
          .hasMessageContaining("blockSize must be 1 for a model that predicts the next token");
      assertThatThrownBy(() -> model.start(Canvas.infill(new int[] {1}, new int[] {2}), settings))
          .isInstanceOf(DecodeSettingException.class)
          .hasMessageContaining("suffix");
      try (Denoising answer = model.start(Canvas.completion(), settings)) {
        assertThat(answer.finish().nfe()).isPositive();
      }
    }
  }
}
