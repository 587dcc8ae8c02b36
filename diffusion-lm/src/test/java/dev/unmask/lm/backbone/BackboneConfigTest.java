package dev.unmask.lm.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.SafetensorsWriter;
import dev.unmask.lm.checkpoint.TensorSource;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackboneConfigTest {
  @TempDir Path directory;

  private final BackboneConfig config = BackboneConfig.llama(31, 2, 16, 2, 24, 32, 4);

  @Test
  void survivesItsJson() {
    BackboneConfig radd = BackboneConfig.radd(97, 2, 32, 2, 24);

    assertThat(BackboneConfigJson.read(BackboneConfigJson.write(config))).isEqualTo(config);
    assertThat(BackboneConfigJson.read(BackboneConfigJson.write(radd))).isEqualTo(radd);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden_size", "attention_layout", "rope_theta", "mask_token_id"})
  void namesTheFieldThatIsMissing(String field) {
    JsonObject json = BackboneConfigJson.write(config);
    json.remove(field);

    assertThatThrownBy(() -> BackboneConfigJson.read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("config.json: " + field + " is missing");
  }

  @Test
  void namesEveryFieldThatIsOutOfRange() {
    assertThatThrownBy(() -> BackboneConfig.llama(31, 0, 15, 2, 24, 32, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backbone configuration out of range: layers was 0, width was 15");
  }

  @Test
  void countsItsParameters() {
    long attentionAndNorms = 4L * 16 * 16 + 2 * 16;
    long feedForward = 3L * 16 * 24;

    assertThat(config.parameterCount())
        .isEqualTo(31L * 16 + 2 * (attentionAndNorms + feedForward) + 16);
  }

  @Test
  void namesEveryTensorThatIsMissingOrMisshapen() {
    SafetensorsWriter file = new SafetensorsWriter();
    file.put("model.norm.weight", new long[] {3}, new float[3]);
    ModelDirectory.write(directory, BackboneConfigJson.write(config), file);

    try (TensorSource weights = ModelDirectory.at(directory).openTensors()) {
      assertThatThrownBy(() -> Weights.read(config, weights))
          .hasMessageContaining("tensor model.embed_tokens.weight is missing")
          .hasMessageContaining("tensor model.layers.1.mlp.up_proj.weight is missing")
          .hasMessageContaining("tensor model.norm.weight should have shape [16], has [3]");
    }
  }

  @Test
  void refusesADirectoryWithoutAModel() throws Exception {
    Files.writeString(directory.resolve("config.json"), "{}");

    assertThatThrownBy(() -> ModelDirectory.at(directory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("is not a model directory: it has no model.safetensors");
  }
}
