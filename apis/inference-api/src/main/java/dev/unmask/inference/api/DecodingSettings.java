package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
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
 * @param algorithm what a step unmasks, by one of the names that the model's family has
 * @param steps denoising steps of the whole answer
 * @param guidance scale of classifier-free guidance by a second pass without the prompt, 0 for none
 * @param topK draw from this many most probable tokens at most, 0 keeps all
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
    @Min(1) @Max(131_072) @Nullable Integer maxTokens,
    @Size(min = 1, max = 64) @Nullable String algorithm,
    @Min(1) @Max(131_072) @Nullable Integer steps,
    @DecimalMin("0") @DecimalMax("100") @Nullable Double guidance,
    @Min(0) @Max(1_000_000) @Nullable Integer topK) {

  private static final DecodingSettings MODEL_DEFAULTS =
      new DecodingSettings(null, null, null, null, null, null, null, null, null);

  /** Settings without algorithm, steps, guidance and top-k. */
  public DecodingSettings(
      @Nullable Integer blockSize,
      @Nullable Double threshold,
      @Nullable Integer tokensPerStep,
      @Nullable Double factor,
      @Nullable CacheMode cache,
      @Nullable Double temperature,
      @Nullable Double topP,
      @Nullable Long seed,
      @Nullable Integer maxTokens) {
    this(
        blockSize,
        threshold,
        tokensPerStep,
        factor,
        cache,
        temperature,
        topP,
        seed,
        maxTokens,
        null,
        null,
        null,
        null);
  }

  /** Nothing set: the model's own defaults. */
  public static DecodingSettings modelDefaults() {
    return MODEL_DEFAULTS;
  }

  /** The ways to pick what is unmasked exclude each other; an algorithm may have a threshold. */
  @JsonIgnore
  @AssertTrue(
      message =
          "set at most one of threshold, tokensPerStep, factor and steps; algorithm goes with steps"
              + " and threshold only")
  public boolean isOnePolicyAtMost() {
    if (algorithm != null) {
      return tokensPerStep == null && factor == null;
    }
    return Stream.of(threshold, tokensPerStep, factor, steps).filter(Objects::nonNull).count() <= 1;
  }
}
