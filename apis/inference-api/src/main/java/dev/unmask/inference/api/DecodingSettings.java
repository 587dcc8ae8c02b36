package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How masked positions become text. Every component is optional: what is absent is taken from the
 * next layer (request, then deployment, then the model's own defaults).
 *
 * @param blockSize consecutive tokens denoised together
 * @param threshold unmask every token at least this confident, in (0, 1]
 * @param tokensPerStep unmask this many tokens at every denoising step
 * @param factor unmask n tokens while (n + 1) * (1 - confidence of the n-th) stays below it
 * @param temperature 0 takes the most probable token; otherwise logits are divided by it
 * @param topP draw from the smallest set of tokens with at least this probability, in (0, 1]
 * @param seed same seed, settings and version: same text
 * @param maxTokens tokens generated when the request does not say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DecodingSettings(
    @Min(1) @Max(4096) @Nullable Integer blockSize,
    @DecimalMin(value = "0", inclusive = false) @DecimalMax("1") @Nullable Double threshold,
    @Min(1) @Max(4096) @Nullable Integer tokensPerStep,
    @DecimalMin(value = "0", inclusive = false) @DecimalMax("1000") @Nullable Double factor,
    @Nullable CacheMode cache,
    @DecimalMin("0") @DecimalMax("2") @Nullable Double temperature,
    @DecimalMin(value = "0", inclusive = false) @DecimalMax("1") @Nullable Double topP,
    @Nullable Long seed,
    @Min(1) @Max(131_072) @Nullable Integer maxTokens) {

  private static final DecodingSettings MODEL_DEFAULTS =
      new DecodingSettings(null, null, null, null, null, null, null, null, null);

  /** Nothing set: the model's own defaults. */
  public static DecodingSettings modelDefaults() {
    return MODEL_DEFAULTS;
  }

  /** The three ways to pick what is unmasked exclude each other. */
  @JsonIgnore
  @AssertTrue(message = "set at most one of threshold, tokensPerStep and factor")
  public boolean isOnePolicyAtMost() {
    return Stream.of(threshold, tokensPerStep, factor).filter(Objects::nonNull).count() <= 1;
  }
}
