package dev.unmask.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One completion, what it took and how the judge finds it.
 *
 * @param tokens of the completion
 * @param nfe forward passes
 * @param milliseconds from the start of the request to its last token
 * @param nats minus log-likelihood by the judge given the prompt, per token
 * @param entropy of the histogram of its tokens, in nats
 */
record Judged(int tokens, int nfe, double milliseconds, double nats, double entropy) {

  /** A mean and its standard error over prompts, NaN for one. */
  record Mean(double value, double standardError) {}

  static Mean mean(List<Judged> completions, ToDoubleFunction<Judged> value) {
    double[] values = completions.stream().mapToDouble(value).toArray();
    return mean(values);
  }

  /** Tokens over forward passes, of all completions together. */
  static double tokensPerForward(List<Judged> completions) {
    return mean(completions, Judged::tokens).value() / mean(completions, Judged::nfe).value();
  }

  /**
   * By how much the nats per token exceed those of other completions of the same prompts, in shares
   * of theirs: a ratio of sums over pairs, with the standard error of a ratio estimate.
   *
   * @param reference of the same prompts in the same order
   */
  static Mean loss(List<Judged> completions, List<Judged> reference) {
    double base = mean(reference, Judged::nats).value();
    double loss = mean(completions, Judged::nats).value() / base - 1;
    double[] residuals = new double[completions.size()];
    for (int i = 0; i < residuals.length; i++) {
      residuals[i] = completions.get(i).nats() - (1 + loss) * reference.get(i).nats();
    }
    return new Mean(loss, mean(residuals).standardError() / base);
  }

  private static Mean mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return new Mean(mean, Math.sqrt(squares / (values.length - 1) / values.length));
  }
}
