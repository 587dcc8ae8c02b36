package dev.unmask.lm.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.NoiseConditioning;
import dev.unmask.lm.backbone.Weights;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.DiffusionModel;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.DecodeSettingException;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.testing.Covers;
import dev.unmask.lm.testing.Covers.Part;
import dev.unmask.lm.tokenizer.ByteTokenizer;
import dev.unmask.lm.tokenizer.Tokenizer;
import dev.unmask.lm.torch.PrecisionChoice;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of SEDD and MDLM opened from published directories and decoded step by step. */
@Covers(
    method = "sedd",
    parts = {Part.SAMPLE})
@Covers(
    method = "mdlm",
    parts = {Part.SAMPLE})
class DitModelsTest {
  private static final Tokenizer BYTES = new ByteTokenizer();
  private static final int TOKENS = BYTES.vocabularySize();
  private static final int CONTEXT = 24;

  @TempDir Path directory;

  private static final String SEDD =
      """
      {"tokens": %d, "graph": {"type": "%s"}, "noise": {"type": "loglinear"},
       "model": {"type": "ddit", "hidden_size": 16, "n_heads": 2, "n_blocks": 1, "length": %d,
                 "cond_dim": 8, "scale_by_sigma": %s}}
      """;

  private static final String MDLM =
      """
      {"model_type": "mdlm", "vocab_size": %d, "hidden_dim": 16, "n_heads": 2, "n_blocks": 1,
       "model_length": %d, "cond_dim": 8, "time_conditioning": %s}
      """;

  private DiffusionModel sedd(String graph) {
    boolean absorbing = graph.equals("absorb");
    int states = absorbing ? TOKENS + 1 : TOKENS;
    return write(SEDD.formatted(TOKENS, graph, CONTEXT, absorbing), states, "");
  }

  private DiffusionModel mdlm(boolean toldTheTime) {
    return write(MDLM.formatted(TOKENS + 1, CONTEXT, toldTheTime), TOKENS + 1, "backbone.");
  }

  private DiffusionModel write(String config, int states, String prefix) {
    JsonObject json = JsonParser.parseString(config).getAsJsonObject();
    BackboneConfig shape =
        BackboneConfig.dit(
            states, BackboneConfig.NO_MASK, 1, 16, 2, CONTEXT, new NoiseConditioning(8, true));
    SafetensorsWriter file = new SafetensorsWriter();
    try (Weights weights = Weights.random(shape, 3)) {
      weights.write(file, prefix);
    }
    ModelDirectory.write(directory, json, file);
    BYTES.save(directory);
    return Families.open(directory, PrecisionChoice.F32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"absorb", "uniform"})
  void seddFillsACompletionAndLeavesThePromptAlone(String graph) {
    try (DiffusionModel model = sedd(graph)) {
      DecodeSettings settings =
          model.defaults().withMaxTokens(8).withPolicy(new FixedTokensPerStep(2)).withMayEnd(false);
      int[] prompt = BYTES.encode("ab");
      int[] first = fill(model, prompt, settings);

      assertThat(first).hasSize(8).matches(DitModelsTest::holdsBytesOnly);
      assertThat(fill(model, prompt, settings)).isEqualTo(first);
      assertThat(fill(model, prompt, settings.withSeed(9))).isNotEqualTo(first);
    }
  }

  private static boolean holdsBytesOnly(int[] tokens) {
    return Arrays.stream(tokens).allMatch(id -> id >= 0 && id < BYTES.endOfText());
  }

  private static int[] fill(DiffusionModel model, int[] prompt, DecodeSettings settings) {
    try (Denoising denoising = model.start(Canvas.completion(prompt), settings)) {
      String text = "";
      while (!denoising.finished()) {
        denoising.step();
        assertThat(denoising.committedText()).startsWith(text);
        text = denoising.committedText();
        assertThat(Arrays.copyOf(denoising.canvas(), prompt.length)).isEqualTo(prompt);
      }
      assertThat(denoising.report().nfe()).isBetween(1, settings.maxTokens() + 1);
      assertThat(denoising.report().tokens()).isEqualTo(denoising.tokens().length);
      return denoising.tokens();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void mdlmFillsACompletionByItsAncestralSampler(boolean toldTheTime) {
    try (DiffusionModel model = mdlm(toldTheTime)) {
      DecodeSettings settings = model.defaults().withMaxTokens(8).withMayEnd(false);

      assertThat(fill(model, BYTES.encode("ab"), settings))
          .hasSize(8)
          .matches(DitModelsTest::holdsBytesOnly);
    }
  }

  @Test
  void mdlmFillsAnAnswerLongerThanItsContextWindowByWindow() {
    try (DiffusionModel model = mdlm(false)) {
      DecodeSettings settings = model.defaults().withMaxTokens(3 * CONTEXT + 5).withMayEnd(false);

      assertThat(fill(model, BYTES.encode("ab"), settings))
          .hasSize(3 * CONTEXT + 5)
          .matches(DitModelsTest::holdsBytesOnly);
    }
  }

  @Test
  void mdlmThatIsNotToldTheTimeDecodesByConfidenceWithACache() {
    try (DiffusionModel model = mdlm(false)) {
      DecodeSettings settings =
          model
              .defaults()
              .withMaxTokens(8)
              .withBlockSize(4)
              .withPolicy(new ConfidenceThreshold(.9))
              .withCache(CacheKind.DUAL)
              .withMayEnd(false);

      assertThat(fill(model, BYTES.encode("ab"), settings)).hasSize(8);
    }
  }

  @Test
  void settingsThatASamplerDoesNotKnowAreRefused() {
    try (DiffusionModel model = mdlm(true)) {
      DecodeSettings confident = model.defaults().withPolicy(new ConfidenceThreshold(.9));
      assertThatThrownBy(() -> model.check(confident))
          .isInstanceOf(DecodeSettingException.class)
          .hasMessageContaining("policy");
      assertThatThrownBy(() -> model.check(model.defaults().withSampling(0, 1)))
          .isInstanceOf(DecodeSettingException.class)
          .hasMessageContaining("temperature");
    }
  }
}
