package dev.unmask.lm.family.dsm;

import dev.unmask.lm.corruption.TimeSampling;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;

/**
 * The training loss of text: score matching over noisy embeddings, and the cross-entropy of
 * rounding them to tokens. The embeddings learn with the network; without the second term they
 * would all become one (Diffusion-LM, arXiv:2205.14217).
 *
 * @param weight of the score's error over time
 * @param rounding weight of the cross-entropy, above 0
 * @param prefixes share of sequences that begin with given tokens, so that prompts can be continued
 */
public record DenoisingScoreMatching(
    ScoreMatching.Weight weight, double rounding, double prefixes) {
  private static final double EARLIEST_TIME = 1e-3;

  public DenoisingScoreMatching {
    if (!(rounding > 0 && prefixes >= 0 && prefixes <= 1)) {
      throw new IllegalArgumentException(
          "needs a positive weight of rounding and a share of prefixes in [0, 1], was "
              + rounding
              + " and "
              + prefixes);
    }
  }

  /** The noise's error weighted alike at all times, rounding as much, every other prefix given. */
  public DenoisingScoreMatching() {
    this(ScoreMatching.Weight.NOISE, 1, 0.5);
  }

  /**
   * Draws times, given prefixes and noise.
   *
   * @param clean token ids {@code [B][L]}
   * @param random the same key gives the same batch
   */
  ScoredText batch(int[][] clean, DsmConfig config, KeyedRandom random) {
    int sequences = clean.length;
    int length = clean[0].length;
    double[] times = TimeSampling.STRATIFIED.draw(sequences, 0, 1, random.split("time"));
    double[][] tokenTimes = new double[sequences][];
    double[][] weights = new double[sequences][];
    boolean[][] given = new boolean[sequences][length];
    KeyedRandom prefix = random.split("prefix");
    for (int i = 0; i < sequences; i++) {
      TokenClocks.Clocks clocks = config.clocks().draw(length, random.split("clocks").split(i));
      tokenTimes[i] = clocks.at(times[i], EARLIEST_TIME);
      weights[i] = weights(config.process(), tokenTimes[i], clocks.speeds(times[i], EARLIEST_TIME));
      if (prefix.uniform(i, 0) < prefixes) {
        Arrays.fill(given[i], 0, prefix.nextInt(length, i, 1, 0), true);
      }
    }
    float[] noise = ScoredText.noise(clean, config, random.split("noise"));
    return new ScoredText(clean, given, noise, times, tokenTimes, weights, rounding);
  }

  /** Only tokens that move count towards likelihood. */
  private double[] weights(GaussianProcess process, double[] times, double[] speeds) {
    double[] weights = new double[times.length];
    for (int token = 0; token < times.length; token++) {
      double speed = weight == ScoreMatching.Weight.LIKELIHOOD ? speeds[token] : 1;
      weights[token] = speed * ScoreMatching.weight(process, weight, times[token]);
    }
    return weights;
  }
}
