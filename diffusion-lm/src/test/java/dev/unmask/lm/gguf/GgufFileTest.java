package dev.unmask.lm.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {

  @TempDir Path directory;

  @Test
  void readsShapesRowsFirst() throws IOException {
    try (GgufModel model = GgufModel.open(written(GgufBytes.tinyLlama()))) {
      assertThat(model.tensors().info("model.embed_tokens.weight").shape())
          .containsExactly(5L, 32L);
      assertThat(model.config().get("tie_word_embeddings").getAsBoolean()).isTrue();
      assertThat(model.config().get("rope_theta").getAsDouble()).isEqualTo(10_000);
      assertThat(model.tokenizer().endOfText()).isZero();
    }
  }

  @Test
  void namesATypeItDoesNotRead() throws IOException {
    assertRefused(
        GgufBytes.tinyLlama().tensor("output.weight", 12, 144, 1, 256),
        "output.weight is of type 12; F32, F16, BF16, Q8_0, Q4_0 and Q4_1 are supported");
  }

  @Test
  void namesATensorThatHasNoPlace() throws IOException {
    assertRefused(
        GgufBytes.tinyLlama().tensor("rope_freqs.weight", 0, 4, 4),
        "tensor rope_freqs.weight has no place in this model");
  }

  @Test
  void refusesRowsThatEndWithinABlock() throws IOException {
    assertRefused(
        GgufBytes.tinyLlama().tensor("output.weight", 8, 34, 32, 16), "rows of whole blocks");
  }

  @Test
  void namesAnArchitectureItDoesNotKnow() throws IOException {
    assertRefused(
        new GgufBytes().text("general.architecture", "mamba"),
        "general.architecture must be one of");
  }

  @Test
  void namesAKeyThatIsMissing() throws IOException {
    assertRefused(
        new GgufBytes()
            .text("general.architecture", "llama")
            .number("llama.attention.head_count", 2)
            .tensor("token_embd.weight", 0, 4, 5, 32),
        "llama.embedding_length is missing");
  }

  @Test
  void refusesAFileCutShort() throws IOException {
    byte[] sound = GgufBytes.tinyLlama().toBytes();
    Path file = directory.resolve("short.gguf");
    Files.write(file, java.util.Arrays.copyOf(sound, sound.length - 1024));

    assertThatThrownBy(() -> GgufModel.open(file))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("expected a place of its own");
  }

  @Test
  void namesAFileThatIsMissing() {
    assertThatThrownBy(() -> GgufModel.open(directory.resolve("none.gguf")))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining("cannot be read");
  }

  private Path written(GgufBytes bytes) throws IOException {
    return Files.write(directory.resolve("model.gguf"), bytes.toBytes());
  }

  private void assertRefused(GgufBytes bytes, String expectation) throws IOException {
    Path file = written(bytes);

    assertThatThrownBy(() -> GgufModel.open(file).close())
        .isInstanceOf(GgufException.class)
        .hasMessageContaining(expectation);
  }
}
