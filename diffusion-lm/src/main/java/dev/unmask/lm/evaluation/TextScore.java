package dev.unmask.lm.evaluation;

import java.util.Arrays;

/**
 * How probable a model finds tokens.
 *
 * @param nats negative log-likelihood of each scored token, in nats; of a bound, its share
 * @param nfe forward passes it took
 */
public record TextScore(double[] nats, int nfe) {
  /** Number of scored tokens. */
  public int tokens() {
    return nats.length;
  }

  /** Sum over the scored tokens, in nats. */
  public double totalNats() {
    return Arrays.stream(nats).sum();
  }

  /** Mean over the scored tokens, in nats. */
  public double natsPerToken() {
    return totalNats() / nats.length;
  }

  /** exp of the mean. */
  public double perplexity() {
    return Math.exp(natsPerToken());
  }
}
