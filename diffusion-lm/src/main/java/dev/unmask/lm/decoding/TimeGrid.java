package dev.unmask.lm.decoding;

import dev.unmask.lm.corruption.NoiseSchedule;
import dev.unmask.lm.decoding.policy.DecodeSettingException;

/**
 * The times of a reverse process: evenly spaced from 1 to 1e-5, which SEDD, RADD and MDLM share.
 *
 * @param steps between the first time and the last, at least 1
 */
public record TimeGrid(NoiseSchedule schedule, int steps) {
  private static final double LAST_TIME = 1e-5;

  public TimeGrid {
    DecodeSettingException.check(steps >= 1, "steps", "at least 1", steps);
  }

  /** Length of a step. */
  public double stepLength() {
    return (1 - LAST_TIME) / steps;
  }

  /** Time before a step in [0, steps]; the last is where the remaining noise is removed. */
  public double time(int step) {
    return 1 - step * stepLength();
  }

  /** Total noise before a step in [0, steps]. */
  public double totalNoise(int step) {
    return schedule.totalNoise(time(step));
  }

  /** Noise that a step below {@code steps} takes back. */
  public double noiseBack(int step) {
    return totalNoise(step) - schedule.totalNoise(time(step) - stepLength());
  }
}
