package dev.unmask.lm.corruption;

import dev.unmask.lm.random.KeyedRandom;

/** How the times of the sequences (or blocks) of one batch are drawn; each is uniform by itself. */
public enum TimeSampling {
  /** One independent draw each. */
  INDEPENDENT,
  /**
   * One draw for all, shifted by i/n: one time in each of n equal strata (VDM, RADD's t-losses).
   */
  SHIFTED,
  /** An independent draw within each of n equal strata (RADD's lambda-loss, BD3-LM). */
  STRATIFIED;

  /**
   * @return n times in (low, high], before any shuffling in ascending strata except for {@code
   *     INDEPENDENT} and {@code SHIFTED}
   */
  public double[] draw(int n, double low, double high, KeyedRandom random) {
    double[] times = new double[n];
    for (int i = 0; i < n; i++) {
      double unit =
          switch (this) {
            case INDEPENDENT -> random.uniform(i);
            case SHIFTED -> (random.uniform(0) + (double) i / n) % 1;
            case STRATIFIED -> (random.uniform(i) + i) / n;
          };
      times[i] = low + (high - low) * unit;
    }
    return times;
  }
}
