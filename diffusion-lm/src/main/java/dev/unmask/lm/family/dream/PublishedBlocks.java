package dev.unmask.lm.family.dream;

import dev.unmask.lm.attention.AttentionLayout;
import dev.unmask.lm.backbone.Backbone;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.backbone.KeyValues;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.DualCache;
import dev.unmask.lm.cache.KvCache;
import dev.unmask.lm.cache.PrefixCache;
import dev.unmask.lm.decoding.CacheKind;
import dev.unmask.lm.decoding.Canvas;
import dev.unmask.lm.decoding.CanvasModel;
import dev.unmask.lm.decoding.DecodeSettings;
import dev.unmask.lm.decoding.Denoising;
import dev.unmask.lm.decoding.FilteredSampler.Filter;
import dev.unmask.lm.decoding.OpenCanvas;
import dev.unmask.lm.decoding.OpenCanvas.End;
import dev.unmask.lm.decoding.policy.Candidates;
import dev.unmask.lm.decoding.policy.ConfidenceThreshold;
import dev.unmask.lm.decoding.policy.RankedReveals.Score;
import dev.unmask.lm.decoding.policy.RevealGrid;
import dev.unmask.lm.decoding.policy.TopScores;
import dev.unmask.lm.family.dream.PublishedBlockDenoising.BlockRule;
import dev.unmask.lm.random.KeyedRandom;
import dev.unmask.lm.torch.Precision;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fast-dLLM's published way to decode Dream in blocks (arXiv:2505.22618), quirks included; see
 * {@link PublishedBlockDenoising}.
 */
final class PublishedBlocks {
  private PublishedBlocks() {}

  /** Every position at least this confident, and always the most confident one. */
  static BlockRule threshold(double threshold) {
    ConfidenceThreshold policy = new ConfidenceThreshold(threshold);
    return new BlockRule() {
      @Override
      public BitSet select(Candidates candidates, int pass) {
        BitSet all = new BitSet();
        all.set(0, candidates.positions());
        return policy.select(candidates, all);
      }

      @Override
      public boolean leaves(int passes) {
        return false;
      }
    };
  }

  /**
   * The positions of least entropy, as many as the ratio rule gives each pass of the block.
   *
   * @param grid of one block; its step 0 is the pass over the whole canvas and reveals one token
   */
  static BlockRule leastEntropy(RevealGrid grid) {
    return new BlockRule() {
      @Override
      public BitSet select(Candidates candidates, int pass) {
        double[] scores = Score.NEGATIVE_ENTROPY.of(candidates);
        return TopScores.of(scores, grid.count(candidates.positions(), pass));
      }

      @Override
      public boolean leaves(int passes) {
        return passes >= grid.steps();
      }
    };
  }

  /**
   * Begins to fill a completion.
   *
   * @param settings whose cache is PREFIX or DUAL; the policy counts for nothing
   * @throws IllegalArgumentException if the cache is another, or the masked positions are not
   *     consecutive
   */
  static Denoising start(
      CanvasModel model, Canvas canvas, DecodeSettings settings, Filter filter, BlockRule rule) {
    OpenCanvas open = model.open(canvas, settings, End.CUTS);
    KeyedRandom random = KeyedRandom.of(settings.seed()).split("published-blocks");
    return new PublishedBlockDenoising(
        open,
        cache(new OwnRows(model.blocks().backbone()), settings.cache()),
        model.draw(filter),
        rule,
        blocks(open.masked(), settings.blockSize()),
        random);
  }

  private static KvCache cache(Backbone network, CacheKind kind) {
    return switch (kind) {
      case PREFIX -> new PrefixCache(network);
      case DUAL -> new DualCache(network);
      case NONE, BLOCK -> throw new IllegalArgumentException("no published blocks with " + kind);
    };
  }

  private static List<Block> blocks(BitSet masked, int size) {
    int from = masked.nextSetBit(0);
    int to = masked.length();
    if (masked.cardinality() != to - from) {
      throw new IllegalArgumentException("published blocks fill consecutive positions only");
    }
    List<Block> blocks = new ArrayList<>();
    for (int start = from; start < to; start += size) {
      blocks.add(new Block(start, Math.min(start + size, to)));
    }
    return blocks;
  }

  /** The network as caches see it that know nothing of the shift. */
  private record OwnRows(Backbone network) implements Backbone {
    @Override
    public BackboneConfig config() {
      return network.config().decodingBy(Decoding.full());
    }

    @Override
    public Precision precision() {
      return network.precision();
    }

    @Override
    public ForwardPass forward(
        int[] ids, int[] positions, @Nullable KeyValues past, AttentionLayout layout, int[] rows) {
      return network.forward(ids, positions, past, layout, rows);
    }

    @Override
    public void close() {
      // the model's network is closed with the model
    }
  }
}
