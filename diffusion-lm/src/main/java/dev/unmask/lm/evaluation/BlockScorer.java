package dev.unmask.lm.evaluation;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Layout;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.BlockCache;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.NoCache;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.decoding.TokenSampler;
import java.util.Arrays;

/**
 * The chain rule with masks: every token is predicted from all tokens before it, with masks from it
 * to the end of its block, in one forward pass a token. A true likelihood of the model that writes
 * one token after the other (it sums to 1 over all texts), and the estimator named {@code
 * block_ar}.
 *
 * <p>A block-causal model sees no further than its block; a full-attention model sees masks up to
 * the end of the text.
 */
public final class BlockScorer {
  private BlockScorer() {}

  /**
   * Scores {@code tokens[from..]} given {@code tokens[0, from)}, in the model's own blocks.
   *
   * @param tokens ids without the mask
   * @param from first scored token, in [0, tokens.length)
   * @throws IllegalArgumentException if nothing is scored or the tokens exceed the context
   */
  public static TextScore score(Generator generator, int[] tokens, int from) {
    return score(generator.backbone(), generator.sampler(), tokens, from);
  }

  /** As {@link #score(Generator, int[], int)} over parts. */
  public static TextScore score(Backbone backbone, TokenSampler sampler, int[] tokens, int from) {
    try (KvCache cache = cache(backbone)) {
      return score(cache, backbone.config(), sampler, tokens, from);
    }
  }

  /**
   * As {@link #score(Generator, int[], int)} of what a cache computes, guidance for instance.
   *
   * @param network still open afterwards
   */
  public static TextScore score(
      KvCache network, BackboneConfig config, TokenSampler sampler, int[] tokens, int from) {
    ScoredText.check(config, tokens, from);
    boolean blocks = config.layout() == Layout.BLOCK_CAUSAL;
    int blockSize = blocks ? config.blockSize() : tokens.length;
    double[] nats = new double[tokens.length - from];
    for (int at = from; at < tokens.length; at++) {
      int start = at - at % blockSize;
      Block block = new Block(start, Math.min(start + blockSize, tokens.length));
      nats[at - from] =
          nats(network, sampler, masked(tokens, at, config.maskId()), block, tokens[at], at);
    }
    return new TextScore(nats, nats.length);
  }

  private static double nats(
      KvCache cache, TokenSampler sampler, int[] canvas, Block block, int token, int at) {
    try (ForwardPass pass = cache.denoise(canvas, block, new int[] {at})) {
      return sampler.nats(pass.logits(), new int[] {token})[0];
    }
  }

  private static int[] masked(int[] tokens, int from, int maskId) {
    int[] canvas = tokens.clone();
    Arrays.fill(canvas, from, canvas.length, maskId);
    return canvas;
  }

  private static KvCache cache(Backbone backbone) {
    return backbone.config().layout() == Layout.BLOCK_CAUSAL
        ? new BlockCache(backbone, backbone.config().blockSize(), 0)
        : new NoCache(backbone, new AttentionLayout.Full(), 0);
  }
}
