package dev.unmask.lm.objective;

import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.corruption.TimeSampling;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Block diffusion: every block is denoised given the clean blocks before it, all blocks in one pass
 * over {@code [xt | x0]} (BD3-LM, arXiv:2503.09573; SDAR, arXiv:2510.06303). A masked token is
 * predicted at its own position, without the shift of autoregressive models. An upper bound of the
 * negative log-likelihood; the weighted sum is divided by all B L tokens.
 *
 * @param blockSize tokens denoised together; the last block of a sequence may be shorter
 * @param noise how much of a block is masked
 */
public record BlockDiffusion(int blockSize, Noise noise) implements Objective {

  /** How much of each block is masked, and the weight that makes the loss a bound. */
  public enum Noise {
    /** One mask probability p for a whole sequence, weight 1 / p (SDAR). */
    PER_SEQUENCE,
    /** A mask probability p for each block, weight 1 / p (BD3-LM). */
    PER_BLOCK,
    /**
     * A number of masks k uniform in 1..block size for each block, weight block size / k. The same
     * bound in expectation, with bounded weights: no block is left without a masked token and none
     * counts a thousandfold.
     */
    COUNT
  }

  private static final double SMALLEST_PROBABILITY = 1e-3;

  public BlockDiffusion {
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be positive, was " + blockSize);
    }
  }

  /** With the number of masks drawn for each block. */
  public BlockDiffusion(int blockSize) {
    this(blockSize, Noise.COUNT);
  }

  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    int length = Sequences.length(clean);
    int blocks = (length + blockSize - 1) / blockSize;
    double[] draws = draws(clean.length, blocks, random.split("time"));
    int[][] inputs = new int[clean.length][];
    ScoredTokens scored = new ScoredTokens(clean.length * length);
    for (int i = 0; i < clean.length; i++) {
      BitSet masked = new BitSet(length);
      for (int block = 0; block < blocks; block++) {
        int from = block * blockSize;
        int to = Math.min(length, from + blockSize);
        double draw = draws[i * blocks + block];
        mask(masked, from, to, draw, random.split("mask").split(i).split(block));
        double weight = weight(draw, to - from) / ((double) clean.length * length);
        for (int at = masked.nextSetBit(from); at >= 0; at = masked.nextSetBit(at + 1)) {
          scored.add(i * length + at, clean[i][at], weight);
        }
      }
      inputs[i] = join(AbsorbingCorruption.apply(clean[i], masked, maskId), clean[i]);
    }
    scored.orNothing(clean[0][0]);
    return new ScoredBatch(
        clean.length,
        Sequences.flatten(inputs),
        join(Sequences.positions(length), Sequences.positions(length)),
        new NoisyThenClean(blockSize, length),
        scored.rows(),
        scored.targets(),
        scored.weights());
  }

  /**
   * A number in (0, 1] for each block; stratified over the batch, then shuffled over its blocks.
   */
  private double[] draws(int sequences, int blocks, KeyedRandom random) {
    int[] order = random.split("order").permutation(sequences * blocks);
    double[] perBlock = new double[sequences * blocks];
    boolean shared = noise == Noise.PER_SEQUENCE;
    double[] strata =
        TimeSampling.STRATIFIED.draw(shared ? sequences : perBlock.length, 0, 1, random);
    for (int i = 0; i < perBlock.length; i++) {
      perBlock[i] = strata[shared ? i / blocks : order[i]];
    }
    return perBlock;
  }

  private void mask(BitSet masked, int from, int to, double draw, KeyedRandom random) {
    if (noise == Noise.COUNT) {
      AbsorbingCorruption.maskExactly(masked, from, to, maskCount(draw, to - from), random);
    } else {
      AbsorbingCorruption.mask(masked, from, to, probability(draw), random);
    }
  }

  private static int maskCount(double draw, int size) {
    return Math.min(size, 1 + (int) (draw * size));
  }

  private static double probability(double draw) {
    return SMALLEST_PROBABILITY + (1 - SMALLEST_PROBABILITY) * draw;
  }

  private double weight(double draw, int size) {
    return noise == Noise.COUNT ? (double) size / maskCount(draw, size) : 1 / probability(draw);
  }

  private static int[] join(int[] first, int[] second) {
    int[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  @Override
  public String label() {
    return "block diffusion, block size " + blockSize;
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(BackboneConfig.Layout.BLOCK_CAUSAL, blockSize);
  }
}
