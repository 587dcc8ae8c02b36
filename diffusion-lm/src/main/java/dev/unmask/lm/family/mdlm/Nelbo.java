package dev.unmask.lm.family.mdlm;

import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.Criterion;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.AbsorbingCorruption;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.TimeSampling;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The bound that MDLM trains by (arXiv:2406.07524): one time for each sequence, the cross-entropy
 * of its masked tokens weighted by rate / (exp(total noise) - 1), which is 1/t for the log-linear
 * schedule whatever its epsilon. Divided by the number of tokens that count.
 *
 * @param timing how times become noise levels and weights
 */
public record Nelbo(NoiseSchedule schedule, Timing timing) implements Objective {
  private static final double EARLIEST_TIME = 1e-3;

  /** How a uniform number becomes a noise level and a weight. All are the same bound. */
  public sealed interface Timing {
    /** Time uniform. */
    record Continuous() implements Timing {}

    /**
     * Time on a grid: the bound of a process of finitely many steps.
     *
     * @param steps T, at least 1
     */
    record Discrete(int steps) implements Timing {
      public Discrete {
        if (steps < 1) {
          throw new IllegalArgumentException("steps must be positive, was " + steps);
        }
      }
    }

    /** Times drawn such that every one has the same weight; log-linear schedule only. */
    record ImportanceSampled() implements Timing {}

    /** The logarithm of the mask probability uniform; the network is told the uniform number. */
    record ChangeOfVariables() implements Timing {}
  }

  /**
   * One sequence's place on the way to noise.
   *
   * @param time the uniform number after {@link Timing}
   * @param maskProbability of each token
   * @param told total noise, or what stands for it, that the network is told
   * @param weight of a masked token's cross-entropy
   */
  record Place(double time, double maskProbability, double told, double weight) {}

  /** The log-linear schedule with continuous times. */
  public Nelbo() {
    this(new NoiseSchedule.LogLinear(), new Timing.Continuous());
  }

  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    double[] units = TimeSampling.STRATIFIED.draw(clean.length, 0, 1, random.split("time"));
    Place[] places = Arrays.stream(units).mapToObj(this::place).toArray(Place[]::new);
    int[][] noisy = new int[clean.length][];
    boolean[][] counts = new boolean[clean.length][clean[0].length];
    for (int i = 0; i < clean.length; i++) {
      BitSet masked = new BitSet();
      KeyedRandom moves = random.split("mask").split(i);
      AbsorbingCorruption.mask(masked, 0, clean[i].length, places[i].maskProbability(), moves);
      noisy[i] = AbsorbingCorruption.apply(clean[i], masked, maskId);
      Arrays.fill(counts[i], true);
    }
    return batch(clean, noisy, counts, places, maskId);
  }

  /**
   * The batch of sequences whose noise is drawn already.
   *
   * @param counts whether a token counts; padding does not, though it is seen
   */
  ScoredBatch batch(int[][] clean, int[][] noisy, boolean[][] counts, Place[] places, int maskId) {
    int length = clean[0].length;
    int[] ids = Arrays.stream(noisy).flatMapToInt(Arrays::stream).toArray();
    int[] masked =
        IntStream.range(0, ids.length)
            .filter(row -> ids[row] == maskId && counts[row / length][row % length])
            .toArray();
    int[] rows = masked.length == 0 ? new int[] {0} : masked; // one that counts nothing
    float[] weights = new float[rows.length];
    double counted = counted(counts);
    for (int i = 0; i < masked.length; i++) {
      weights[i] = (float) (places[rows[i] / length].weight() / counted);
    }
    return new ScoredBatch(
        clean.length,
        ids,
        IntStream.range(0, length).toArray(),
        new Full(),
        rows,
        IntStream.of(rows).map(row -> clean[row / length][row % length]).toArray(),
        weights,
        Arrays.stream(places).mapToDouble(Place::told).toArray(),
        new Criterion.CrossEntropy());
  }

  private static double counted(boolean[][] counts) {
    long counted = 0;
    for (boolean[] row : counts) {
      for (boolean token : row) {
        counted += token ? 1 : 0;
      }
    }
    return Math.max(1, counted);
  }

  /** Where a uniform number in [0, 1) leads. */
  Place place(double unit) {
    double u = EARLIEST_TIME + (1 - EARLIEST_TIME) * unit;
    return switch (timing) {
      case Timing.Continuous ignored -> at(u, schedule.lossWeight(u));
      case Timing.Discrete(int steps) -> {
        double t = (Math.floor(u * steps) + 1) / steps;
        yield at(t, 1 / Math.min(t, 1 - 1e-4));
      }
      case Timing.ImportanceSampled ignored -> {
        double epsilon = ((NoiseSchedule.LogLinear) schedule).epsilon();
        double probability = Math.exp(u * logMaskAt1() + (1 - u) * logMaskAt0());
        yield at(probability / (1 - epsilon), -logMaskAt0());
      }
      case Timing.ChangeOfVariables ignored -> {
        double probability = Math.exp(u * logMaskAt1() + (1 - u) * logMaskAt0());
        yield new Place(u, probability, u, -logMaskAt0());
      }
    };
  }

  private Place at(double t, double weight) {
    return new Place(t, schedule.maskProbability(t), schedule.totalNoise(t), weight);
  }

  private double logMaskAt1() {
    return Math.log(schedule.maskProbability(1));
  }

  /** Not minus infinity: the least noise is the schedule's epsilon. */
  private double logMaskAt0() {
    double epsilon = ((NoiseSchedule.LogLinear) schedule).epsilon();
    return Math.log(-Math.expm1(-(epsilon + schedule.totalNoise(0))));
  }

  @Override
  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(BackboneConfig.Layout.FULL, 0);
  }

  @Override
  public String label() {
    return "NELBO";
  }
}
