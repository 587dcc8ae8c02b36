package dev.unmask.lm.objective;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.BackboneConfig.Decoding;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pre-training loss of SMDM (arXiv:2410.18514) and LLaDA (arXiv:2502.09992): each sequence draws a
 * time t, every token is masked with probability p = (1 - eps) t + eps, and a masked token's
 * cross-entropy counts 1 / p; the sum is divided by all B L tokens. An upper bound of the negative
 * log-likelihood. A share of the batches is cut to a random length, so that the network also learns
 * from short texts.
 *
 * @param alignment which row of the network predicts a position
 * @param shortened share of the batches that are cut, in [0, 1]; 0.01 in both papers
 */
public record LinearMasking(Alignment alignment, double shortened) implements Objective {
  private static final double LEAST_PROBABILITY = 1e-3;

  public LinearMasking {
    if (!(shortened >= 0 && shortened <= 1)) {
      throw new IllegalArgumentException("shortened must be in [0, 1], was " + shortened);
    }
  }

  /** Mask probability at time t in [0, 1]. */
  public static double maskProbability(double t) {
    return (1 - LEAST_PROBABILITY) * t + LEAST_PROBABILITY;
  }

  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    int[][] cut = shorten(clean, random.split("length"));
    double[] probabilities =
        IntStream.range(0, cut.length)
            .mapToDouble(i -> maskProbability(random.split("time").uniform(i)))
            .toArray();
    List<BitSet> masked =
        IntStream.range(0, cut.length)
            .mapToObj(i -> mask(cut[i].length, probabilities[i], random.split("mask").split(i)))
            .toList();
    return batch(cut, masked, probabilities, maskId);
  }

  /**
   * The batch of given masks.
   *
   * @param probabilities by which the tokens of each sequence were masked
   */
  public ScoredBatch batch(int[][] clean, List<BitSet> masked, double[] probabilities, int maskId) {
    double tokens = (double) clean.length * Sequences.length(clean);
    return DenoisingBatch.of(
        clean, masked, maskId, alignment, (i, position) -> 1 / (probabilities[i] * tokens));
  }

  private int[][] shorten(int[][] clean, KeyedRandom random) {
    int length = Sequences.length(clean);
    if (random.uniform(0) >= shortened) {
      return clean;
    }
    int kept = 1 + random.nextInt(length, 1);
    return Arrays.stream(clean).map(ids -> Arrays.copyOf(ids, kept)).toArray(int[][]::new);
  }

  private BitSet mask(int length, double probability, KeyedRandom random) {
    BitSet masked = new BitSet(length);
    int first = alignment == Alignment.SHIFTED ? Math.min(1, length - 1) : 0;
    AbsorbingCorruption.mask(masked, first, length, probability, random);
    return masked;
  }

  @Override
  public String label() {
    return "masked cross-entropy";
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    Decoding full = Decoding.full();
    return trained.decodingBy(alignment == Alignment.SHIFTED ? full.shifted() : full);
  }
}
