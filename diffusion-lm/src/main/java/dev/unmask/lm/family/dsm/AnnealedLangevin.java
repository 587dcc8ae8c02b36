package dev.unmask.lm.family.dsm;

/**
 * Langevin dynamics at one noise level after the other, from the highest to the lowest (NCSN,
 * arXiv:1907.05600).
 *
 * @param levels of noise, from high to low
 * @param stepsPerLevel steps at each
 * @param lastStep length of the step at the lowest level; at others in proportion to the variance
 */
public record AnnealedLangevin(double[] levels, int stepsPerLevel, double lastStep) {
  public AnnealedLangevin {
    if (levels.length == 0 || stepsPerLevel < 1 || !(lastStep > 0)) {
      throw new IllegalArgumentException("needs a level, a step for it and a positive step length");
    }
  }

  /** Levels spaced geometrically; the published sampler has 10 from 1 to 0.01. */
  public static double[] geometric(double high, double low, int count) {
    double[] levels = new double[count];
    for (int i = 0; i < count; i++) {
      levels[i] = count == 1 ? high : high * Math.pow(low / high, (double) i / (count - 1));
    }
    return levels;
  }

  /** Length of the steps at a level. */
  public double step(int level) {
    double ratio = levels[level] / levels[levels.length - 1];
    return lastStep * ratio * ratio;
  }

  /** Score of data with so much noise added. */
  @FunctionalInterface
  public interface LevelScore {
    double[] at(double[] x, double sigma);
  }

  /** Standard normal numbers of a step. */
  @FunctionalInterface
  public interface Noise {
    double[] of(int level, int step);
  }

  /** All steps at one level. */
  public double[] atLevel(int level, double[] x, LevelScore score, Noise noise) {
    double[] now = x;
    for (int step = 0; step < stepsPerLevel; step++) {
      double[] s = score.at(now, levels[level]);
      now = ReverseSteps.langevin(now, s, step(level), noise.of(level, step));
    }
    return now;
  }

  /** All levels. */
  public double[] sample(double[] start, LevelScore score, Noise noise) {
    double[] now = start;
    for (int level = 0; level < levels.length; level++) {
      now = atLevel(level, now, score, noise);
    }
    return now;
  }
}
