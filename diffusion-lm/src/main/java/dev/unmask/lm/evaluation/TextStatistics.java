package dev.unmask.lm.evaluation;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Signs of repetition in generated tokens. A low perplexity means little where these are low. */
public final class TextStatistics {
  private TextStatistics() {}

  /** Entropy of the tokens' histogram, in nats; 0 for no tokens or one repeated. */
  public static double unigramEntropy(int[] tokens) {
    Map<Integer, Long> counts =
        Arrays.stream(tokens)
            .boxed()
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    double entropy = 0;
    for (long count : counts.values()) {
      double p = (double) count / tokens.length;
      entropy -= p * Math.log(p);
    }
    return entropy;
  }

  /**
   * Share of runs of n tokens that are different from each other, in [0, 1]; 0 where there is none.
   */
  public static double distinct(int[] tokens, int n) {
    int runs = tokens.length - n + 1;
    if (n < 1 || runs < 1) {
      return 0;
    }
    Set<String> seen = new HashSet<>();
    for (int at = 0; at < runs; at++) {
      seen.add(Arrays.toString(Arrays.copyOfRange(tokens, at, at + n)));
    }
    return (double) seen.size() / runs;
  }
}
