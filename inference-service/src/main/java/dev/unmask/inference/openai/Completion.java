package dev.unmask.inference.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A completion, or one chunk of a streamed one.
 *
 * @param model {@code NAME:VERSION}, the version that answered
 * @param systemFingerprint changes whenever the model's files do
 * @param diffusion the decode settings that were used
 * @param denoising one denoising step, in a chunk without choices
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record Completion(
    String id,
    String object,
    long created,
    String model,
    String systemFingerprint,
    List<Choice> choices,
    @Nullable Usage usage,
    @Nullable Map<String, Object> diffusion,
    @JsonProperty("x_denoise") @Nullable DenoisingFrame denoising) {

  /** Values that are not known yet are written as null: clients check that they are there. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Choice(int index, String text, @Nullable String finishReason, @Nullable Object logprobs) {}
}
