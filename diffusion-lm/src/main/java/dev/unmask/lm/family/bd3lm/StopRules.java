package dev.unmask.lm.family.bd3lm;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * When a text of open length ends, and when one that repeats itself is given up (BD3-LM,
 * arXiv:2503.09573, appendix). Looked at after every block, once the text is longer than the
 * window.
 *
 * @param endOfText also stands at the begin of every text, which counts
 * @param variableLength whether a second end of text ends it, and degenerate text is cut off;
 *     otherwise degenerate text is rejected as a whole
 */
public record StopRules(int endOfText, boolean variableLength) {
  /** Tokens at the end whose entropy is taken. */
  public static final int WINDOW = 256;

  /** Below this many nats a text repeats itself. */
  public static final double LEAST_ENTROPY = 4;

  /**
   * @param stop whether generation ends
   * @param length tokens that remain of the text
   */
  public record Verdict(boolean stop, int length) {}

  /** What becomes of a text, its first token included. */
  public Verdict check(int[] text) {
    if (text.length <= WINDOW) {
      return new Verdict(false, text.length);
    }
    boolean degenerate = entropy(text) < LEAST_ENTROPY;
    if (!variableLength) {
      return new Verdict(degenerate, text.length);
    }
    if (degenerate) {
      return new Verdict(true, text.length - WINDOW);
    }
    int end = afterSecondEnd(text);
    return new Verdict(end >= 0, end >= 0 ? end : text.length);
  }

  private int afterSecondEnd(int[] text) {
    int seen = 0;
    for (int i = 0; i < text.length; i++) {
      seen += text[i] == endOfText ? 1 : 0;
      if (seen == 2) {
        return i + 1;
      }
    }
    return -1;
  }

  /** Entropy in nats of the tokens among the last {@link #WINDOW}. */
  public static double entropy(int[] text) {
    int[] last = Arrays.copyOfRange(text, Math.max(0, text.length - WINDOW), text.length);
    Map<Integer, Integer> counts = new HashMap<>();
    for (int token : last) {
      counts.merge(token, 1, Integer::sum);
    }
    return counts.values().stream()
        .mapToDouble(count -> (double) count / last.length)
        .map(share -> -share * Math.log(share))
        .sum();
  }
}
