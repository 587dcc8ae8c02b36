package dev.unmask.lm.family.dsm;

import dev.unmask.lm.checkpoint.ModelDirectory;
import dev.unmask.lm.checkpoint.Safetensors;
import dev.unmask.lm.corruption.TimeSampling;
import dev.unmask.lm.random.KeyedRandom;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Upper bound on the negative log-likelihood of text under a score network: the evidence lower
 * bound of the process in continuous time (Kingma et al., arXiv:2107.00630, section 4). It is what
 * the noise of time 1 tells of the text, what all times from a first one to 1 tell of the
 * embeddings (half the rate at which the signal-to-noise ratio falls times the squared error of the
 * expected embedding), and the cross-entropy of rounding at the first time. Any first time gives a
 * bound, and so do any clocks of the tokens that do not depend on the text (arXiv:2312.13236),
 * therefore also the mean over clocks that are drawn.
 */
public final class VariationalBound {
  private static final double FIRST = 0.01;

  /** Times spread evenly over so many rows: most of the bound comes from a narrow range of them. */
  private static final int BATCH = 64;

  private VariationalBound() {}

  /**
   * @param modelDirectory of a score network
   * @param rows clean token ids {@code [sequences][L]}
   * @param draws noise levels of each sequence, at least 1
   * @param seed same seed, same bound
   * @return the mean over all tokens, in nats per token
   */
  public static double natsPerToken(Path modelDirectory, int[][] rows, int draws, long seed) {
    ModelDirectory directory = ModelDirectory.at(modelDirectory);
    try (Safetensors file = directory.openWeights();
        ScoreTransformer network =
            ScoreTransformer.read(DsmConfig.read(directory.config()), file)) {
      return natsPerToken(network, rows, draws, seed);
    }
  }

  static double natsPerToken(ScoreTransformer network, int[][] rows, int draws, long seed) {
    if (draws < 1) {
      throw new IllegalArgumentException("draws must be positive, was " + draws);
    }
    KeyedRandom random = KeyedRandom.of(seed).split("variational-bound");
    double nats = 0;
    for (int draw = 0; draw < draws; draw++) {
      for (int from = 0; from < rows.length; from += BATCH) {
        int[][] clean = Arrays.copyOfRange(rows, from, Math.min(from + BATCH, rows.length));
        double mean = ofBatch(network, clean, random.split(draw).split(from));
        nats += mean * clean.length / rows.length / draws;
      }
    }
    return nats;
  }

  private static double ofBatch(ScoreTransformer network, int[][] clean, KeyedRandom random) {
    return prior(network, clean)
        + embeddings(network, clean, random)
        + rounding(network, clean, random.split("first"));
  }

  /** What the embeddings cost on their way from the noise of time 1 to the first time. */
  private static double embeddings(ScoreTransformer network, int[][] clean, KeyedRandom random) {
    int length = clean[0].length;
    double[] times = TimeSampling.STRATIFIED.draw(clean.length, 0, 1, random.split("time"));
    double[][] tokenTimes = new double[clean.length][];
    double[][] weights = new double[clean.length][length];
    for (int i = 0; i < times.length; i++) {
      TokenClocks.Clocks clocks =
          network.config().clocks().draw(length, random.split("clocks").split(i));
      tokenTimes[i] = clocks.at(times[i], FIRST);
      double[] speeds = clocks.speeds(times[i], FIRST);
      for (int at = 0; at < length; at++) {
        weights[i][at] = speeds[at] * lossOfRatio(network.config(), tokenTimes[i][at]);
      }
    }
    return loss(network, clean, times, tokenTimes, weights, random.split("noise")).score();
  }

  /** What is left to say of the tokens at the first time. */
  private static double rounding(ScoreTransformer network, int[][] clean, KeyedRandom random) {
    int length = clean[0].length;
    double[][] first = new double[clean.length][length];
    Arrays.stream(first).forEach(row -> Arrays.fill(row, FIRST));
    double[][] none = new double[clean.length][length];
    return loss(network, clean, new double[clean.length], first, none, random).rounding();
  }

  /**
   * What a token's squared error of the score, mean over coordinates, is worth at its own time:
   * half the rate at which the signal-to-noise ratio falls times the squared error of the expected
   * embedding, which is g^2 / 2 times the squared error of the score (arXiv:2101.09258).
   */
  private static double lossOfRatio(DsmConfig config, double time) {
    return config.coordinates() * config.process().diffusion(time) / 2;
  }

  private static ScoreTransformer.Loss loss(
      ScoreTransformer network,
      int[][] clean,
      double[] times,
      double[][] tokenTimes,
      double[][] weights,
      KeyedRandom random) {
    float[] noise = ScoredText.noise(clean, network.config(), random);
    boolean[][] none = new boolean[clean.length][clean[0].length];
    return network.evaluate(
        new ScoredText(clean, none, noise, times, tokenTimes, weights, 1), network.weights());
  }

  /** How far the noise of time 1 is from what sampling begins with, in nats a token. */
  private static double prior(ScoreTransformer network, int[][] clean) {
    GaussianProcess process = network.config().process();
    double begin = process.priorDeviation() * process.priorDeviation();
    double noise = process.sigma(1) * process.sigma(1) / begin;
    double signal = process.alpha(1) * process.alpha(1) / begin;
    double nats = 0;
    long tokens = 0;
    for (int[] row : clean) {
      for (double coordinate : network.embed(row)) {
        nats += (signal * coordinate * coordinate + noise - 1 - Math.log(noise)) / 2;
      }
      tokens += row.length;
    }
    return nats / tokens;
  }
}
