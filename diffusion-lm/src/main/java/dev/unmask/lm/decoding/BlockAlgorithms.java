package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.policy.EntropyBound;
import dev.unmask.lm.decoding.policy.EvenSplit;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.decoding.policy.LeftToRight;
import dev.unmask.lm.decoding.policy.TopKMargin;
import java.util.List;
import java.util.function.DoubleFunction;

/** Ways to decode in blocks. */
public final class BlockAlgorithms {
  /** Each block from left to right. */
  public static final Algorithm SEQUENTIAL = spread("sequential", new LeftToRight(1));

  /** As many tokens as have 0.1 nats of entropy together, or what a request says. */
  public static final Algorithm ENTROPY_BOUNDED =
      bounded("entropy_bounded", 0.1, EntropyBound::new);

  /** What every model that is decoded in blocks can go by. */
  static final List<Algorithm> ALL =
      List.of(
          spread("low_confidence", new FixedTokensPerStep(1)),
          Algorithm.bySteps(
              "topk_margin",
              (settings, steps) -> new TopKMargin(Math.ceilDiv(settings.maxTokens(), steps))),
          SEQUENTIAL,
          ENTROPY_BOUNDED);

  private BlockAlgorithms() {}

  /** Even shares of each block, unmasked by a rule. */
  public static Algorithm spread(String name, EvenSplit.Rule rule) {
    return Algorithm.bySteps(name, (settings, steps) -> split(rule, settings, steps));
  }

  /**
   * Even shares of each block, unmasked by a rule with a threshold.
   *
   * @param threshold when a request does not say
   */
  public static Algorithm bounded(
      String name, double threshold, DoubleFunction<EvenSplit.Rule> rule) {
    return new Algorithm(
        name, threshold, (settings, steps, given) -> split(rule.apply(given), settings, steps));
  }

  private static EvenSplit split(EvenSplit.Rule rule, DecodeSettings settings, int steps) {
    return new EvenSplit(rule, Algorithm.ofEachBlock(settings, steps));
  }
}
