package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How probable the deployed model finds a text, or each of several options.
 *
 * @param natsPerToken mean negative log-likelihood of the scored tokens, in nats
 * @param perplexity exp(natsPerToken)
 * @param tokens number of scored tokens
 * @param bitsPerByte the same for all tokenizers
 * @param estimator an {@code elbo} is an upper bound, of this one draw
 * @param standardError of natsPerToken over the windows of a long text
 * @param options in the order of the request
 * @param best index of the most probable option
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScoreView(
    @JsonProperty("nats_per_token") double natsPerToken,
    double perplexity,
    long tokens,
    @JsonProperty("bits_per_byte") double bitsPerByte,
    ScoreEstimator estimator,
    @JsonProperty("standard_error") @Nullable Double standardError,
    @Nullable List<OptionView> options,
    @Nullable Integer best) {

  /**
   * One option.
   *
   * @param nats negative log-likelihood given the prompt, in nats
   * @param normalised what options are compared by, smaller is better
   */
  public record OptionView(String text, int tokens, double nats, double normalised) {}
}
