package dev.unmask.lm.evaluation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which of several answers a model finds the most probable after a prompt: how multiple-choice
 * tasks are scored.
 *
 * @param nats negative log-likelihood of each option given the prompt, in nats
 * @param lengths what each is divided by
 */
public record OptionScores(double[] nats, double[] lengths) {
  /** What an option's log-likelihood is divided by before options are compared. */
  public enum Normalisation {
    /** Nothing: the most probable option as it stands. */
    NONE,
    /** Its number of tokens. */
    TOKENS,
    /** Its number of UTF-8 bytes, which does not depend on the tokenizer. */
    BYTES
  }

  /** An option as text and as the tokens that follow the prompt's. */
  public record Option(String text, int[] tokens) {
    public Option {
      if (tokens.length == 0) {
        throw new IllegalArgumentException("options must not be empty");
      }
    }
  }

  /**
   * Scores every option; estimates of all of them draw by the same seed, so that they are compared
   * under the same noise.
   *
   * @throws IllegalArgumentException if there is no option, or prompt and option do not fit
   */
  public static OptionScores of(
      TextScorer scorer,
      int[] prompt,
      List<Option> options,
      Normalisation normalisation,
      int draws,
      long seed) {
    if (options.isEmpty()) {
      throw new IllegalArgumentException("options must not be empty");
    }
    double[] nats = new double[options.size()];
    double[] lengths = new double[options.size()];
    for (int i = 0; i < nats.length; i++) {
      Option option = options.get(i);
      int[] text = Arrays.copyOf(prompt, prompt.length + option.tokens().length);
      System.arraycopy(option.tokens(), 0, text, prompt.length, option.tokens().length);
      nats[i] = scorer.score(text, prompt.length, draws, seed).totalNats();
      lengths[i] =
          switch (normalisation) {
            case NONE -> 1;
            case TOKENS -> option.tokens().length;
            case BYTES -> option.text().getBytes(StandardCharsets.UTF_8).length;
          };
    }
    return new OptionScores(nats, lengths);
  }

  /** What options are compared by, smaller is better. */
  public double normalised(int option) {
    return nats[option] / lengths[option];
  }

  /** The first of the most probable options. */
  public int best() {
    return IntStream.range(0, nats.length)
        .reduce((a, b) -> normalised(b) < normalised(a) ? b : a)
        .orElseThrow();
  }
}
