package dev.unmask.lm.decoding.policy;

/**
 * The ratio rule of SMDM (arXiv:2410.18514) and Dream (arXiv:2508.15487): times run evenly from 1
 * down to {@code eps}, and the step from t to s reveals the share 1 - s/t of what is still masked,
 * the last step all of it.
 *
 * <p>Times and shares are float32 as in the published code: a share that is a hair below a whole
 * number of tokens is cut to the number before, so the last digit decides.
 *
 * @param steps of the reverse process
 * @param eps last time, in [0, 1)
 */
public record RevealGrid(int steps, double eps) {
  public RevealGrid {
    DecodeSettingException.check(steps >= 1, "steps", "at least 1", steps);
    DecodeSettingException.check(eps >= 0 && eps < 1, "eps", "in [0, 1)", eps);
  }

  /** Time before step {@code step}, from 1 at step 0 to {@code eps} after the last. */
  public float time(int step) {
    float last = (float) eps;
    float stride = (last - 1f) / steps;
    return step < (steps + 1) / 2 ? 1f + stride * step : last - stride * (steps - step);
  }

  /** Share of the masked tokens that a step reveals, in [0, 1]; 1 at the last step. */
  public float share(int step) {
    return step >= steps - 1 ? 1f : 1f - time(step + 1) / time(step);
  }

  /**
   * How many tokens a step reveals: the share of {@code masked}, cut to a whole number. May be 0
   * before the last step.
   */
  public int count(int masked, int step) {
    return (int) (masked * share(step));
  }
}
