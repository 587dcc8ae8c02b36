package dev.unmask.lm.evaluation;

/** How a negative log-likelihood comes about. */
public enum Estimator {
  /** Token by token, each given all before it: what the model that writes so assigns, exactly. */
  CHAIN_RULE,
  /** The evidence lower bound, by Monte Carlo: an upper bound on the negative log-likelihood. */
  ELBO
}
