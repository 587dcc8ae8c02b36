package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text to score, as characters or as token ids of the deployed model's tokenizer.
 *
 * @param from first token that is scored; what stands before it is context only (default 0)
 */
public record ScoreRequest(
    @Size(min = 1, max = 1_000_000) @Nullable String text,
    @Size(min = 1, max = 131_072) @Nullable List<Integer> tokens,
    @Min(0) @Nullable Integer from) {

  /** Scores this text from its first token on. */
  public static ScoreRequest ofText(String text) {
    return new ScoreRequest(text, null, null);
  }

  /** One of both says what is scored. */
  @JsonIgnore
  @AssertTrue(message = "set either text or tokens")
  public boolean isTextOrTokens() {
    return (text == null) != (tokens == null);
  }
}
