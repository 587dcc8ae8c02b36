package dev.unmask.local.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The figures of one demo, for scripts. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DemoReport(
    URI gateway,
    Training training,
    Model model,
    Generation completion,
    @Nullable Generation infilling,
    @Nullable Comparison comparison) {

  /**
   * @param found whether an earlier demo had trained the model
   * @param loss last training loss, nats per token
   * @param validation validation loss, nats per token
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Training(
      boolean found,
      @Nullable String job,
      @Nullable Long optimizerSteps,
      @Nullable Double loss,
      @Nullable Double validation,
      @Nullable Double bitsPerByte,
      @Nullable Double tokensPerSecond) {}

  record Model(String name, int version, String digest, String deployment) {}

  /**
   * Cached parallel decoding against one token a step without a cache: same model, prompt, seed.
   *
   * @param parallelPerplexity of its text under the model itself, block by block
   * @param ratio parallel tokens/s over plain tokens/s
   */
  record Comparison(
      Generation parallel,
      double parallelPerplexity,
      Generation plain,
      double plainPerplexity,
      double ratio) {}

  void writeTo(Path file) {
    try {
      JsonMapper json = JsonMapper.builder().build();
      Files.write(file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    } catch (IOException e) {
      throw new DemoFailure("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
