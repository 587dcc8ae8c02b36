package dev.unmask.inference.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a log-likelihood comes about. */
public enum ScoreEstimator {
  /** Token by token given all before it: exact, one forward pass a token. */
  @JsonProperty("chain_rule")
  CHAIN_RULE,
  /** An upper bound on the negative log-likelihood, by Monte Carlo. */
  @JsonProperty("elbo")
  ELBO
}
