package dev.unmask.lm.family.dsm;

/** Gradient of the log density of x_t with respect to x_t, or a network's idea of it. */
@FunctionalInterface
public interface ScoreFunction {
  /**
   * @param x a point, not modified
   * @param t time in (0, 1]
   * @return as many numbers as {@code x} has
   */
  double[] at(double[] x, double t);
}
