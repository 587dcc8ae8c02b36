package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.policy.DecodeSettingException;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Which tokens a RADD sampler draws from once a position is revealed (arXiv:2406.03736). */
public sealed interface RaddStrategy {
  /** All tokens. */
  record Direct() implements RaddStrategy {}

  /** The fewest most probable tokens that reach this mass, the one that crosses it included. */
  record TopP(double mass) implements RaddStrategy {
    public TopP {
      DecodeSettingException.check(mass > 0 && mass <= 1, "topP", "in (0, 1]", mass);
    }
  }

  /** The k most probable tokens. */
  record TopK(int tokens) implements RaddStrategy {
    public TopK {
      DecodeSettingException.check(tokens >= 1, "topK", "at least 1", tokens);
    }
  }

  /**
   * Tokens and their weights in the draw.
   *
   * @param tokens column of each weight
   * @param weights not negative, summing to 1
   */
  record Weighted(int[] tokens, double[] weights) {}

  /** What to draw from, given the logits of one position. */
  default Weighted weigh(double[] logits) {
    double[] p = softmax(logits);
    return switch (this) {
      case Direct() -> new Weighted(IntStream.range(0, p.length).toArray(), p);
      case TopP(double mass) -> nucleus(p, mass);
      case TopK(int tokens) -> best(p, Math.min(tokens, p.length));
    };
  }

  private static Weighted nucleus(double[] p, double mass) {
    int[] order = descending(p);
    double before = 0;
    double kept = 0;
    double[] weights = new double[p.length];
    for (int token : order) {
      if (before > mass) {
        break;
      }
      weights[token] = p[token];
      kept += p[token];
      before += p[token];
    }
    return new Weighted(IntStream.range(0, p.length).toArray(), scaled(weights, 1 / kept));
  }

  private static Weighted best(double[] p, int count) {
    int[] tokens = IntStream.of(descending(p)).limit(count).toArray();
    double[] weights = IntStream.of(tokens).mapToDouble(token -> p[token]).toArray();
    double kept = IntStream.of(tokens).mapToDouble(token -> p[token]).sum();
    return new Weighted(tokens, scaled(weights, 1 / kept));
  }

  private static double[] softmax(double[] logits) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit);
    }
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] - max);
      sum += p[i];
    }
    return scaled(p, 1 / sum);
  }

  private static double[] scaled(double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return values;
  }

  private static int[] descending(double[] p) {
    return IntStream.range(0, p.length)
        .boxed()
        .sorted(Comparator.comparingDouble(token -> -p[token]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
