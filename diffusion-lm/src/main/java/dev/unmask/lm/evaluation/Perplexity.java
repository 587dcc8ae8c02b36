package dev.unmask.lm.evaluation;

import dev.unmask.lm.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well a model predicts texts.
 *
 * @param nats negative log-likelihood of each scored stretch, in nats
 * @param tokens scored tokens of each
 * @param bytes UTF-8 bytes of all scored tokens' text
 */
public record Perplexity(double[] nats, int[] tokens, long bytes) {
  /**
   * A window over a text that exceeds the context.
   *
   * @param length tokens of a window
   * @param stride tokens by which windows move on: those before the last {@code stride} of a window
   *     are context only, but for the first window; {@code length} scores windows on their own
   */
  public record Windows(int length, int stride) {
    public Windows {
      if (length < 2) {
        throw new IllegalArgumentException("window must be at least 2, was " + length);
      }
      if (stride < 1 || stride > length) {
        throw new IllegalArgumentException("stride must be in [1, " + length + "], was " + stride);
      }
    }
  }

  /**
   * Zero-shot perplexity: texts that the model was not trained on, in windows.
   *
   * @param first first token of a window that the model can predict: 1 where nothing predicts the
   *     first
   */
  public static Perplexity of(
      TextScorer scorer,
      Tokenizer tokenizer,
      int[] text,
      Windows windows,
      int first,
      int draws,
      long seed) {
    List<Double> nats = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    long bytes = 0;
    int scored = 0;
    for (int start = 0; scored < text.length; start += windows.stride()) {
      int end = Math.min(start + windows.length(), text.length);
      int[] window = Arrays.copyOfRange(text, start, end);
      int from = Math.max(scored - start, first);
      scored = end;
      if (from >= window.length) {
        continue;
      }
      TextScore score = scorer.score(window, from, draws, seed);
      nats.add(score.totalNats());
      counts.add(score.tokens());
      bytes += bytes(tokenizer, Arrays.copyOfRange(window, from, window.length));
    }
    return of(nats, counts, bytes);
  }

  /**
   * Generative perplexity: what one model wrote, scored whole by another. Low values are also those
   * of repetition, so report {@link TextStatistics#unigramEntropy} beside it.
   *
   * @param judge estimator of the model that scores, usually one that predicts the next token
   * @param tokenizer of that model: samples are texts, because tokenizers differ
   * @param first as for zero-shot perplexity
   */
  public static Perplexity ofSamples(
      TextScorer judge, Tokenizer tokenizer, List<String> samples, int first) {
    List<Double> nats = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    long bytes = 0;
    for (String sample : samples) {
      int[] tokens = tokenizer.encode(sample);
      if (tokens.length > first) {
        TextScore score = judge.score(tokens, first, 1, 0);
        nats.add(score.totalNats());
        counts.add(score.tokens());
        bytes += bytes(tokenizer, Arrays.copyOfRange(tokens, first, tokens.length));
      }
    }
    return of(nats, counts, bytes);
  }

  /** One stretch of text. */
  public static Perplexity ofOne(double nats, int tokens, String text) {
    return new Perplexity(
        new double[] {nats}, new int[] {tokens}, text.getBytes(StandardCharsets.UTF_8).length);
  }

  private static Perplexity of(List<Double> nats, List<Integer> counts, long bytes) {
    if (nats.isEmpty()) {
      throw new IllegalArgumentException("the text has no token that can be scored");
    }
    return new Perplexity(
        nats.stream().mapToDouble(Double::doubleValue).toArray(),
        counts.stream().mapToInt(Integer::intValue).toArray(),
        bytes);
  }

  private static long bytes(Tokenizer tokenizer, int[] tokens) {
    return tokenizer.decode(tokens).getBytes(StandardCharsets.UTF_8).length;
  }

  /** Number of scored tokens. */
  public long scoredTokens() {
    return Arrays.stream(tokens).asLongStream().sum();
  }

  /** Mean over all tokens, whatever stretch they stand in. */
  public double natsPerToken() {
    return Arrays.stream(nats).sum() / scoredTokens();
  }

  /** exp of the mean, not the mean of exp. */
  public double value() {
    return Math.exp(natsPerToken());
  }

  /** Independent of the tokenizer. */
  public double bitsPerByte() {
    return Arrays.stream(nats).sum() / Math.log(2) / bytes;
  }

  /**
   * Standard error of {@link #natsPerToken} over the stretches, as a ratio estimate; NaN for one.
   */
  public double standardError() {
    int count = nats.length;
    double mean = natsPerToken();
    double squares = 0;
    for (int i = 0; i < count; i++) {
      squares += Math.pow(nats[i] - mean * tokens[i], 2);
    }
    double perStretch = (double) scoredTokens() / count;
    return count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1) / count) / perStretch;
  }
}
