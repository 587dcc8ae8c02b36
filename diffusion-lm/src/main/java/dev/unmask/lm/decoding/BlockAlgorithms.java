package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.policy.EntropyBound;
import dev.unmask.lm.decoding.policy.EvenSplit;
import dev.unmask.lm.decoding.policy.FixedTokensPerStep;
import dev.unmask.lm.decoding.policy.LeftToRight;
import dev.unmask.lm.decoding.policy.TopKMargin;
import java.util.List;

/** What every model that is decoded in blocks can go by. */
final class BlockAlgorithms {
  /** Nats of entropy that the tokens of one step may have together. */
  private static final double ENTROPY_BOUND = 0.1;

  static final List<Algorithm> ALL =
      List.of(
          Algorithm.bySteps(
              "low_confidence",
              (settings, steps) -> spread(new FixedTokensPerStep(1), settings, steps)),
          Algorithm.bySteps(
              "topk_margin",
              (settings, steps) -> new TopKMargin(Math.ceilDiv(settings.maxTokens(), steps))),
          Algorithm.bySteps(
              "sequential", (settings, steps) -> spread(new LeftToRight(1), settings, steps)),
          new Algorithm(
              "entropy_bounded",
              ENTROPY_BOUND,
              (settings, steps, nats) -> spread(new EntropyBound(nats), settings, steps)));

  private BlockAlgorithms() {}

  private static EvenSplit spread(EvenSplit.Rule rule, DecodeSettings settings, int steps) {
    return new EvenSplit(rule, Algorithm.ofEachBlock(settings, steps));
  }
}
