package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How probable the deployed model finds a text.
 *
 * @param natsPerToken mean negative log-likelihood of the scored tokens, in nats
 * @param perplexity exp(natsPerToken)
 * @param tokens number of scored tokens
 */
public record ScoreView(
    @JsonProperty("nats_per_token") double natsPerToken, double perplexity, int tokens) {}
