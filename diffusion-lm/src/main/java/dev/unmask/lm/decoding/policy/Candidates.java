package dev.unmask.lm.decoding.policy;

import java.util.Arrays;

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

  /**
   * What a sampling kernel returns.
   *
   * @param scores row-major {@code [4, positions]}: token, confidence, entropy, margin
   */
  public static Candidates unpack(double[] scores) {
    int rows = scores.length / 4;
    int[] tokens = new int[rows];
    Arrays.setAll(tokens, row -> (int) scores[row]);
    return new Candidates(
        tokens,
        Arrays.copyOfRange(scores, rows, 2 * rows),
        Arrays.copyOfRange(scores, 2 * rows, 3 * rows),
        Arrays.copyOfRange(scores, 3 * rows, 4 * rows));
  }

  /** Those of some positions, in the order given. */
  Candidates at(int... positions) {
    int n = positions.length;
    Candidates some = new Candidates(new int[n], new double[n], new double[n], new double[n]);
    for (int i = 0; i < n; i++) {
      some.tokens[i] = tokens[positions[i]];
      some.confidence[i] = confidence[positions[i]];
      some.entropy[i] = entropy[positions[i]];
      some.margin[i] = margin[positions[i]];
    }
    return some;
  }

  /** Number of positions. */
  public int positions() {
    return tokens.length;
  }
}
