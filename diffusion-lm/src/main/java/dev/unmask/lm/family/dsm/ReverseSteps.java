package dev.unmask.lm.family.dsm;

/**
 * One step from time t to an earlier time, given the score at t (Song et al., arXiv:2011.13456).
 * All in double; nothing is modified.
 */
public final class ReverseSteps {
  private ReverseSteps() {}

  /**
   * Ancestral step of the variance-exploding process.
   *
   * @param z standard normal; zeros for the last step, which adds no noise
   */
  public static double[] ancestral(
      GaussianProcess.VarianceExploding process,
      double[] x,
      double[] score,
      double t,
      double earlier,
      double[] z) {
    double variance = square(process.sigma(t)) - square(process.sigma(earlier));
    return moved(x, 1, score, variance, z, Math.sqrt(variance));
  }

  /** Euler-Maruyama step of the reverse stochastic equation. */
  public static double[] stochastic(
      GaussianProcess process, double[] x, double[] score, double t, double dt, double[] z) {
    double g2 = process.diffusion(t);
    return moved(x, 1 - process.drift(t) * dt, score, g2 * dt, z, Math.sqrt(g2 * dt));
  }

  /** dx/dt of the probability flow, whose densities are those of the process at every time. */
  public static double[] flow(GaussianProcess process, double[] x, double[] score, double t) {
    double f = process.drift(t);
    double half = process.diffusion(t) / 2;
    double[] velocity = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      velocity[i] = f * x[i] - half * score[i];
    }
    return velocity;
  }

  /**
   * Euler step of the probability flow. The variance-exploding process takes the exact difference
   * of its variances rather than slope times dt, which is far off where noise is small.
   */
  public static double[] flowStep(
      GaussianProcess process, double[] x, double[] score, double t, double dt) {
    return switch (process) {
      case GaussianProcess.VarianceExploding exploding -> {
        double variance = square(exploding.sigma(t)) - square(exploding.sigma(t - dt));
        yield moved(x, 1, score, variance / 2, x, 0);
      }
      case GaussianProcess.VariancePreserving preserving ->
          moved(x, 1, flow(preserving, x, score, t), -dt, x, 0);
    };
  }

  /**
   * Draws x at an earlier time from its distribution given x_t and the expected clean point, for
   * any process; what ancestral sampling of text uses (DDPM, arXiv:2006.11239, equation 7).
   *
   * @param clean expected clean point given x_t
   */
  public static double[] posterior(
      GaussianProcess process, double[] x, double[] clean, double t, double earlier, double[] z) {
    double ratio = process.alpha(t) / process.alpha(earlier);
    double before = square(process.sigma(earlier));
    double after = square(process.sigma(t));
    double added = after - ratio * ratio * before;
    return moved(
        x,
        ratio * before / after,
        clean,
        process.alpha(earlier) * added / after,
        z,
        Math.sqrt(added * before / after));
  }

  /**
   * The deterministic counterpart: keeps the noise that x_t has and makes it smaller (DDIM,
   * arXiv:2010.02502); an exponential integrator of the probability flow.
   */
  public static double[] implicit(
      GaussianProcess process, double[] x, double[] clean, double t, double earlier) {
    double shrink = process.sigma(earlier) / process.sigma(t);
    return moved(x, shrink, clean, process.alpha(earlier) - shrink * process.alpha(t), x, 0);
  }

  /** One step of Langevin dynamics: towards higher density, and a little noise. */
  public static double[] langevin(double[] x, double[] score, double step, double[] z) {
    return moved(x, 1, score, step / 2, z, Math.sqrt(step));
  }

  private static double[] moved(
      double[] x, double keep, double[] along, double by, double[] z, double noise) {
    double[] next = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      next[i] = keep * x[i] + by * along[i] + noise * z[i];
    }
    return next;
  }

  private static double square(double value) {
    return value * value;
  }
}
