package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text to score, as characters or as token ids of the deployed model's tokenizer.
 *
 * @param from first token that is scored; what stands before it is context only (default 0)
 * @param estimator how; absent: the one that suits the model's family
 * @param draws forward passes of an estimate (default 64); no matter to the chain rule
 * @param seed of an estimate (default 0)
 * @param options answers to choose from, {@code text} being the prompt before them; each is scored
 *     given the prompt
 * @param normalise what an option's log-likelihood is divided by (default NONE)
 * @param window a long text is scored in windows of so many tokens
 * @param stride tokens by which windows move on (default {@code window}); those before the last
 *     {@code stride} are context only
 */
public record ScoreRequest(
    @Size(min = 1, max = 1_000_000) @Nullable String text,
    @Size(min = 1, max = 131_072) @Nullable List<Integer> tokens,
    @Min(0) @Nullable Integer from,
    @Nullable ScoreEstimator estimator,
    @Min(1) @Max(4096) @Nullable Integer draws,
    @Nullable Long seed,
    @Size(min = 1, max = 64) @Nullable List<@NotNull @Size(min = 1, max = 100_000) String> options,
    @Nullable ScoreNormalisation normalise,
    @Min(2) @Max(131_072) @Nullable Integer window,
    @Min(1) @Max(131_072) @Nullable Integer stride) {

  /** Scores this text from its first token on. */
  public static ScoreRequest ofText(String text) {
    return new ScoreRequest(text, null, null, null, null, null, null, null, null, null);
  }

  /** One of both says what is scored. */
  @JsonIgnore
  @AssertTrue(message = "set either text or tokens")
  public boolean isTextOrTokens() {
    return (text == null) != (tokens == null);
  }

  /** Options follow the whole text. */
  @JsonIgnore
  @AssertTrue(message = "options go without from, window and stride")
  public boolean isOptionsAlone() {
    return options == null || from == null && window == null && stride == null;
  }

  /** A stride without a window says nothing, and one beyond it would leave gaps. */
  @JsonIgnore
  @AssertTrue(message = "stride needs a window, of at least its size; from goes without a window")
  public boolean isStrideInWindow() {
    boolean fits = stride == null || window != null && stride <= window;
    return fits && (window == null || from == null);
  }
}
