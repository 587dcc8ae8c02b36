package dev.unmask.lm.decoding;

/**
 * What one forward pass proposes for the positions of a block, after temperature and top-p.
 *
 * @param tokens the token drawn for each position, {@code [positions]}
 * @param confidence probability of the drawn token, {@code [positions]}, each in [0, 1]
 * @param entropy of the distribution drawn from, in nats, {@code [positions]}
 * @param margin probability of the most probable token less that of the runner-up, {@code
 *     [positions]}
 */
public record Candidates(int[] tokens, double[] confidence, double[] entropy, double[] margin) {
  public Candidates {
    if (confidence.length != tokens.length
        || entropy.length != tokens.length
        || margin.length != tokens.length) {
      throw new IllegalArgumentException("tokens and their scores must have one length");
    }
  }

  /** Candidates that only their confidence tells apart (tests, recorded decisions). */
  public static Candidates ofConfidence(double... confidence) {
    int n = confidence.length;
    return new Candidates(new int[n], confidence, new double[n], confidence);
  }

  /** Number of positions. */
  public int positions() {
    return tokens.length;
  }
}
