package dev.unmask.lm.decoding;

import dev.unmask.lm.decoding.policy.CarriedQuota;
import dev.unmask.lm.decoding.policy.IndependentReveals;
import dev.unmask.lm.decoding.policy.RankedReveals;
import dev.unmask.lm.decoding.policy.RankedReveals.Score;
import dev.unmask.lm.decoding.policy.RevealGrid;

/** Ways to decode a whole canvas at once, for {@link CanvasModel}. */
public final class CanvasAlgorithms {
  /** Time of the last step (SMDM and Dream alike). */
  private static final double LAST_TIME = 1e-3;

  private CanvasAlgorithms() {}

  /** The reverse process itself: each position at random ({@link IndependentReveals}). */
  public static Algorithm origin() {
    return Algorithm.bySteps(
        "origin", (settings, steps) -> new IndependentReveals(grid(steps), false));
  }

  /** The positions of highest score, as many as the ratio rule gives ({@link RankedReveals}). */
  public static Algorithm ranked(String name, Score score) {
    return Algorithm.bySteps(
        name, (settings, steps) -> new RankedReveals(grid(steps), score, 0, false));
  }

  /** Even shares, of which the confident are taken ({@link CarriedQuota}). */
  public static Algorithm carried(String name, double threshold) {
    return new Algorithm(
        name, threshold, (settings, steps, given) -> new CarriedQuota(steps, given, false));
  }

  private static RevealGrid grid(int steps) {
    return new RevealGrid(steps, LAST_TIME);
  }
}
