package dev.unmask.lm.family.dsm;

/**
 * The variance-preserving process in finitely many steps (DDPM, arXiv:2006.11239), and its
 * deterministic sampler (DDIM, arXiv:2010.02502). A network of this form predicts the noise, {@code
 * -sqrt(1 - alphaBar) score}.
 *
 * @param betas variance added by each step, in (0, 1)
 */
public record StepwiseDiffusion(double[] betas) {

  /** Rates that grow linearly. */
  public static StepwiseDiffusion linear(double first, double last, int steps) {
    double[] betas = new double[steps];
    for (int i = 0; i < steps; i++) {
      betas[i] = steps == 1 ? first : first + (last - first) * i / (steps - 1);
    }
    return new StepwiseDiffusion(betas);
  }

  /** Share of the data's variance that is left after a step; 1 before the first, step -1. */
  public double alphaBar(int step) {
    double product = 1;
    for (int i = 0; i <= step; i++) {
      product *= 1 - betas[i];
    }
    return product;
  }

  /** The noise in x, from its score. */
  public double[] noise(double[] score, int step) {
    double factor = -Math.sqrt(1 - alphaBar(step));
    double[] noise = new double[score.length];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = factor * score[i];
    }
    return noise;
  }

  /** The clean point that x and its noise imply. */
  public double[] clean(double[] x, double[] noise, int step) {
    double left = alphaBar(step);
    return sum(x, 1 / Math.sqrt(left), noise, -Math.sqrt(1 - left) / Math.sqrt(left));
  }

  /** Mean of x one step earlier. */
  public double[] mean(double[] x, double[] noise, int step) {
    double grown = 1 / Math.sqrt(1 - betas[step]);
    return sum(x, grown, noise, -grown * betas[step] / Math.sqrt(1 - alphaBar(step)));
  }

  /** Its variance given the clean point, 0 at the first step. */
  public double posteriorVariance(int step) {
    return betas[step] * (1 - alphaBar(step - 1)) / (1 - alphaBar(step));
  }

  /** Draws x one step earlier. */
  public double[] ancestral(double[] x, double[] noise, int step, double[] z) {
    return sum(mean(x, noise, step), 1, z, Math.sqrt(posteriorVariance(step)));
  }

  /** x one step earlier with the same noise, less of it. */
  public double[] implicit(double[] x, double[] noise, int step) {
    double left = alphaBar(step - 1);
    return sum(clean(x, noise, step), Math.sqrt(left), noise, Math.sqrt(1 - left));
  }

  private static double[] sum(double[] a, double byA, double[] b, double byB) {
    double[] sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = byA * a[i] + byB * b[i];
    }
    return sum;
  }
}
