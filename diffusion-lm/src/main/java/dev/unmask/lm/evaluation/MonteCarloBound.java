package dev.unmask.lm.evaluation;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.TokenSampler;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;

/**
 * Upper bound on the negative log-likelihood under a full-attention model by masking random
 * subsets: L/k times the cross-entropy of k masked tokens, averaged over draws of k and of the
 * subset (LLaDA, arXiv:2502.09992, RADD's k-DCE, arXiv:2406.03736). Unbiased for any number of
 * draws: the draws' k are spread evenly from one random start, shifted by whole numbers.
 */
public final class MonteCarloBound {
  private MonteCarloBound() {}

  /**
   * Bounds {@code tokens[from..]} given {@code tokens[0, from)}.
   *
   * @param draws forward passes, at least 1
   * @param seed same seed, same bound
   * @throws IllegalArgumentException if nothing is scored, the tokens exceed the context, or the
   *     model is not a full-attention model
   */
  public static TextScore score(Generator generator, int[] tokens, int from, int draws, long seed) {
    return score(generator.backbone(), generator.sampler(), tokens, from, draws, seed);
  }

  /** As {@link #score(Generator, int[], int, int, long)} over parts. */
  public static TextScore score(
      Backbone backbone, TokenSampler sampler, int[] tokens, int from, int draws, long seed) {
    ScoredText.check(backbone.config(), tokens, from);
    if (draws < 1 || backbone.config().layout() != Layout.FULL) {
      throw new IllegalArgumentException(
          "the bound needs a full-attention model and one draw at least, got "
              + backbone.config().layout()
              + " and "
              + draws);
    }
    int length = tokens.length - from;
    KeyedRandom random = KeyedRandom.of(seed).split("monte-carlo-bound");
    int first = random.nextInt(length, 0);
    double[] nats = new double[length];
    for (int draw = 0; draw < draws; draw++) {
      int offset = (int) ((long) draw * length / draws);
      int count = (first + offset) % length + 1;
      int[] rows = subset(random.split(draw), length, count, from);
      double[] drawn = crossEntropy(backbone, sampler, tokens, rows);
      for (int i = 0; i < rows.length; i++) {
        nats[rows[i] - from] += drawn[i] * length / count / draws;
      }
    }
    return new TextScore(nats, draws);
  }

  private static int[] subset(KeyedRandom random, int length, int count, int from) {
    return Arrays.stream(random.permutation(length), 0, count)
        .map(i -> i + from)
        .sorted()
        .toArray();
  }

  private static double[] crossEntropy(
      Backbone backbone, TokenSampler sampler, int[] tokens, int[] rows) {
    int[] canvas = tokens.clone();
    int[] targets = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      targets[i] = tokens[rows[i]];
      canvas[rows[i]] = backbone.config().maskId();
    }
    int[] positions = new int[tokens.length];
    Arrays.setAll(positions, i -> i);
    try (ForwardPass pass =
        backbone.forward(canvas, positions, null, new AttentionLayout.Full(), rows)) {
      return sampler.nats(pass.logits(), targets);
    }
  }
}
