package dev.unmask.lm.family.sedd;

import dev.unmask.lm.attention.AttentionLayout.Full;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.Criterion;
import dev.unmask.lm.backbone.ScoredBatch;
import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.corruption.TimeSampling;
import dev.unmask.lm.corruption.TokenGraph;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Diffusion-weighted denoising score entropy (SEDD, arXiv:2310.16834): one time for each sequence,
 * the rate of the noise there times the score entropy of its positions. An upper bound of the
 * negative log-likelihood in expectation over the time; the sum over a sequence is divided by its L
 * tokens, the batch is averaged.
 *
 * @param scaledByNoise as {@link Criterion.ScoreEntropy}
 */
public record ScoreEntropy(TokenGraph graph, NoiseSchedule schedule, boolean scaledByNoise)
    implements Objective {
  private static final double EARLIEST_TIME = 1e-3;

  @Override
  public ScoredBatch batch(int[][] clean, int maskId, KeyedRandom random) {
    double[] times =
        TimeSampling.INDEPENDENT.draw(clean.length, EARLIEST_TIME, 1, random.split("time"));
    int[][] noisy = new int[clean.length][];
    for (int i = 0; i < clean.length; i++) {
      KeyedRandom moves = random.split("mask").split(i);
      KeyedRandom states = random.split("state").split(i);
      noisy[i] =
          graph.corrupt(
              clean[i],
              schedule.totalNoise(times[i]),
              moves::uniform,
              position -> states.nextInt(graph.states(), position));
    }
    return batch(clean, noisy, times);
  }

  /** The batch of sequences whose noise is drawn already; {@code times} in (0, 1]. */
  ScoredBatch batch(int[][] clean, int[][] noisy, double[] times) {
    int length = clean[0].length;
    int[] ids = Arrays.stream(noisy).flatMapToInt(Arrays::stream).toArray();
    int[] scored = IntStream.range(0, ids.length).filter(row -> !graph.settles(ids[row])).toArray();
    int[] rows = scored.length == 0 ? new int[] {0} : scored; // one that counts nothing
    float[] weights = new float[rows.length];
    for (int i = 0; i < scored.length; i++) {
      weights[i] = (float) (schedule.rate(times[rows[i] / length]) / ids.length);
    }
    return new ScoredBatch(
        clean.length,
        ids,
        IntStream.range(0, length).toArray(),
        new Full(),
        rows,
        IntStream.of(rows).map(row -> clean[row / length][row % length]).toArray(),
        weights,
        Arrays.stream(times).map(schedule::totalNoise).toArray(),
        new Criterion.ScoreEntropy(graph instanceof TokenGraph.Absorbing, scaledByNoise));
  }

  public BackboneConfig decoding(BackboneConfig trained) {
    return trained.decodingBy(BackboneConfig.Layout.FULL, 0);
  }

  @Override
  public String label() {
    return "score entropy";
  }
}
