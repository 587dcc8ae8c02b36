package dev.unmask.lm.objective;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneConfig.Alignment;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.NoiseSchedule.LogLinear;
import dev.unmask.lm.corruption.TimeSampling;
import dev.unmask.lm.random.KeyedRandom;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Denoising cross-entropy of a network without time input under full attention (RADD,
 * arXiv:2406.03736). An upper bound of the negative log-likelihood; the sum over a sequence is
 * divided by its L tokens, the batch is averaged.
 *
 * @param weighting how corruption is drawn and masked tokens are weighted
 * @param schedule used by {@link Weighting#T} only
 */
public record MaskedDenoising(Weighting weighting, NoiseSchedule schedule) implements Objective {

  /** The three forms of the same bound. */
  public enum Weighting {
    /** Mask probability lambda uniform, weight 1 / lambda (lambda-DCE). */
    LAMBDA,
    /** Time t uniform, weight rate / (exp(total noise) - 1) (t-DCE). */
    T,
    /** Number of masks k uniform in 1..L, weight L / k: any-order likelihood (k-DCE). */
    K
  }

  private static final double EARLIEST_TIME = 1e-3;

  /** With the log-linear schedule. */
  public MaskedDenoising(Weighting weighting) {
    this(weighting, new LogLinear());
  }

  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    int length = Sequences.length(clean);
    double[] draws = draws(clean.length, random.split("time"));
    List<BitSet> masked =
        IntStream.range(0, clean.length)
            .mapToObj(i -> mask(draws[i], length, random.split("mask").split(i)))
            .toList();
    double tokens = (double) clean.length * length;
    return DenoisingBatch.of(
        clean,
        masked,
        maskId,
        Alignment.SAME_POSITION,
        (i, position) -> weight(draws[i], length) / tokens);
  }

  /** Lambda or t of each sequence; for K a uniform number that picks k. */
  private double[] draws(int sequences, KeyedRandom random) {
    return switch (weighting) {
      case LAMBDA, K -> TimeSampling.STRATIFIED.draw(sequences, 0, 1, random);
      case T -> TimeSampling.SHIFTED.draw(sequences, EARLIEST_TIME, 1, random);
    };
  }

  private BitSet mask(double draw, int length, KeyedRandom random) {
    BitSet masked = new BitSet(length);
    switch (weighting) {
      case LAMBDA -> AbsorbingCorruption.mask(masked, 0, length, draw, random);
      case T -> AbsorbingCorruption.mask(masked, 0, length, schedule.maskProbability(draw), random);
      case K -> AbsorbingCorruption.maskExactly(masked, 0, length, maskCount(draw, length), random);
    }
    return masked;
  }

  private static int maskCount(double draw, int length) {
    return Math.min(length, 1 + (int) (draw * length));
  }

  /**
   * Factor of each masked token's cross-entropy in the sum over its sequence.
   *
   * @param draw lambda in (0, 1], time t in (0, 1], or for K the uniform draw that picks k
   */
  double weight(double draw, int length) {
    return switch (weighting) {
      case LAMBDA -> 1 / draw;
      case T -> schedule.lossWeight(draw);
      case K -> (double) length / maskCount(draw, length);
    };
  }

  @Override
  public String label() {
    return switch (weighting) {
      case LAMBDA -> "lambda-DCE";
      case T -> "t-DCE";
      case K -> "k-DCE";
    };
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(BackboneConfig.Layout.FULL, 0);
  }
}
