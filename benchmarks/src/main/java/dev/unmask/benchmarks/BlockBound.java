package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.ForwardPass;
import dev.unmask.lm.cache.Block;
import dev.unmask.lm.cache.BlockCache;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.decoding.Generator;
import dev.unmask.lm.random.KeyedRandom;
import java.util.BitSet;
import java.util.List;

/**
 * Upper bound of the negative log-likelihood under a block-causal model, by the forward passes that
 * decoding makes: of each block k tokens are masked, k uniform, and the sum of their
 * cross-entropies counts block size / k times, given the clean blocks before it (the bound of
 * BD3-LM, arXiv:2503.09573, by the number of masks). The same for every family, whatever its
 * training loss, and exact for blocks of one token. The first token of a row is context: shifted
 * models do not predict it.
 */
final class BlockBound {

  private final Generator model;
  private final KeyedRandom random;

  private BlockBound(Generator model, long seed) {
    this.model = model;
    this.random = KeyedRandom.of(seed).split("block-bound");
  }

  /**
   * The mean over all tokens but the first of each row, in nats per token.
   *
   * @param rows at least two tokens each
   * @param seed same seed, same masks: models of one block size are compared on the same noise
   */
  static double natsPerToken(Generator model, List<int[]> rows, long seed) {
    BlockBound bound = new BlockBound(model, seed);
    double nats = 0;
    long tokens = 0;
    for (int i = 0; i < rows.size(); i++) {
      nats += bound.nats(rows.get(i), i);
      tokens += rows.get(i).length - 1;
    }
    return nats / tokens;
  }

  private double nats(int[] tokens, int row) {
    int size = model.config().blockSize();
    double nats = 0;
    try (BlockCache cache = new BlockCache(model.backbone(), size, 0)) {
      for (int start = 0; start < tokens.length; start += size) {
        Block block = new Block(start, Math.min(start + size, tokens.length));
        int from = Math.max(1, start);
        if (from < block.to()) {
          nats += nats(cache, tokens, block, masked(from, block.to(), row));
        }
      }
    }
    return nats;
  }

  private BitSet masked(int from, int to, int row) {
    KeyedRandom drawn = random.split(row).split(from);
    int count = 1 + drawn.split("count").nextInt(to - from, 0);
    BitSet masked = new BitSet();
    AbsorbingCorruption.maskExactly(masked, from, to, count, drawn.split("mask"));
    return masked;
  }

  private double nats(BlockCache cache, int[] tokens, Block block, BitSet masked) {
    int[] rows = masked.stream().toArray();
    int[] targets = masked.stream().map(at -> tokens[at]).toArray();
    int[] canvas = AbsorbingCorruption.apply(tokens, masked, model.config().maskId());
    int scored = block.to() - Math.max(1, block.from());
    try (ForwardPass pass = cache.denoise(canvas, block, rows)) {
      double sum = 0;
      for (double each : model.sampler().nats(pass.logits(), targets)) {
        sum += each;
      }
      return sum * scored / rows.length;
    }
  }
}
