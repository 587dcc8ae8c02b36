package dev.unmask.lm.family.bd3lm;

import dev.unmask.lm.attention.AttentionLayout.NoisyThenClean;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.Criterion;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.corruption.TimeSampling;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Block diffusion with a time for each block, drawn from a clipped interval (BD3-LM,
 * arXiv:2503.09573). All blocks are scored in one pass over {@code [xt | x0]}; nats per counted
 * token. With {@link Clipping#FULL} the loss is an upper bound of the negative log-likelihood; with
 * blocks of one token and times of 1 only it is the likelihood itself.
 *
 * @param blockSize tokens denoised together; the last block of a sequence may be shorter
 * @param noise mask probability and weight over time
 * @param clipping the times drawn
 * @param redraw whether a block's masks are drawn again until their share lies in the clipping too
 * @param firstIsGiven whether the first token (the begin of text) is never masked
 */
public record ClippedBlockDiffusion(
    int blockSize, BlockNoise noise, Clipping clipping, boolean redraw, boolean firstIsGiven)
    implements Objective {
  private static final int MOST_REDRAWS = 1000;

  public ClippedBlockDiffusion {
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be positive, was " + blockSize);
    }
  }

  /** The bound itself: linear noise, all times, every token masked alike. */
  public ClippedBlockDiffusion(int blockSize) {
    this(blockSize, new BlockNoise.Linear(), Clipping.FULL, false, false);
  }

  /** The same with other times. */
  public ClippedBlockDiffusion withClipping(Clipping other) {
    return new ClippedBlockDiffusion(blockSize, noise, other, redraw, firstIsGiven);
  }

  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    return batch(clean, draw(clean, random), maskId);
  }

  /**
   * Noise of a batch.
   *
   * @param times of each sequence's blocks
   * @param masked positions of each sequence
   */
  record Drawn(double[][] times, BitSet[] masked) {}

  /** Draws the noise of a batch. */
  Drawn draw(int[][] clean, KeyedRandom random) {
    int length = clean[0].length;
    int blocks = Math.ceilDiv(length, blockSize);
    double[][] times = times(clean.length, blocks, random.split("time"));
    BitSet[] masked = new BitSet[clean.length];
    for (int i = 0; i < clean.length; i++) {
      masked[i] = new BitSet(length);
      for (int block = 0; block < blocks; block++) {
        int to = Math.min(length, (block + 1) * blockSize);
        KeyedRandom draws = random.split("mask").split(i).split(block);
        masked[i].or(mask(block * blockSize, to, times[i][block], draws));
      }
    }
    return new Drawn(times, masked);
  }

  /** The batch of noise that is drawn already, every token counted. */
  ScoredBatch batch(int[][] clean, Drawn drawn, int maskId) {
    BitSet[] counted = new BitSet[clean.length];
    for (int i = 0; i < clean.length; i++) {
      counted[i] = new BitSet(clean[i].length);
      counted[i].set(0, clean[i].length);
    }
    return batch(clean, drawn.masked(), drawn.times(), counted, maskId);
  }

  /** One in each of as many strata as there are blocks in the batch, shuffled over them. */
  private double[][] times(int sequences, int blocks, KeyedRandom random) {
    double[] strata = TimeSampling.STRATIFIED.draw(sequences * blocks, 0, 1, random);
    int[] order = random.split("order").permutation(strata.length);
    double[][] times = new double[sequences][blocks];
    for (int i = 0; i < strata.length; i++) {
      times[i / blocks][i % blocks] = clipping.time(strata[order[i]]);
    }
    return times;
  }

  private BitSet mask(int from, int to, double time, KeyedRandom random) {
    BitSet masked = new BitSet();
    for (int attempt = 0; attempt < MOST_REDRAWS; attempt++) {
      masked.clear();
      AbsorbingCorruption.mask(
          masked, from, to, noise.maskProbability(time), random.split(attempt));
      if (!redraw || clipping.keeps((double) masked.cardinality() / (to - from))) {
        break;
      }
    }
    return masked;
  }

  /**
   * The batch of sequences whose noise is drawn already.
   *
   * @param masked positions of each sequence
   * @param times of each sequence's blocks
   * @param counted tokens that the loss is divided by; others weigh nothing, though they are seen
   */
  ScoredBatch batch(
      int[][] clean, BitSet[] masked, double[][] times, BitSet[] counted, int maskId) {
    int length = clean[0].length;
    double tokens = Math.max(1, Arrays.stream(counted).mapToInt(BitSet::cardinality).sum());
    int[] ids = new int[2 * clean.length * length];
    IntStream.Builder rows = IntStream.builder();
    for (int i = 0; i < clean.length; i++) {
      if (firstIsGiven) {
        masked[i].clear(0);
      }
      int[] noisy = AbsorbingCorruption.apply(clean[i], masked[i], maskId);
      System.arraycopy(noisy, 0, ids, 2 * i * length, length);
      System.arraycopy(clean[i], 0, ids, (2 * i + 1) * length, length);
      int first = i * length;
      BitSet scored = (BitSet) masked[i].clone();
      scored.and(counted[i]);
      scored.stream().forEach(position -> rows.add(first + position));
    }
    int[] scored = rows.build().toArray();
    int[] orOne = scored.length == 0 ? new int[1] : scored; // a row that counts nothing
    float[] weights = new float[orOne.length];
    for (int i = 0; i < scored.length; i++) {
      double time = times[scored[i] / length][scored[i] % length / blockSize];
      weights[i] = (float) (clipping.weight(noise, time) / tokens);
    }
    int[] positions = IntStream.range(0, 2 * length).map(i -> i % length).toArray();
    return new ScoredBatch(
        clean.length,
        ids,
        positions,
        new NoisyThenClean(blockSize, length),
        orOne,
        IntStream.of(orOne).map(row -> clean[row / length][row % length]).toArray(),
        weights,
        Arrays.stream(times).mapToDouble(this::told).toArray(),
        new Criterion.CrossEntropy());
  }

  /** A network that is told the noise is told the first block's, as the published code does. */
  private double told(double[] times) {
    return -Math.log1p(-Math.min(noise.maskProbability(times[0]), 1 - 1e-6));
  }

  @Override
  public ClippedBlockDiffusion validation() {
    return new ClippedBlockDiffusion(blockSize, noise, Clipping.FULL, false, firstIsGiven);
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(BackboneConfig.Layout.BLOCK_CAUSAL, blockSize);
  }

  @Override
  public String label() {
    return "clipped block diffusion, block size " + blockSize;
  }
}
