package dev.unmask.lm.family.dsm;

/**
 * Data whose noisy densities are known: a mixture of isotropic Gaussians stays one under noise.
 *
 * @param means {@code [components][dimensions]}
 * @param variances of each component, alike in all dimensions
 */
record GaussianMixture(double[] weights, double[][] means, double[] variances) {

  /** Log density of alpha x + sigma e. */
  double logDensity(double[] x, double alpha, double sigma) {
    double[] logs = logTerms(x, alpha, sigma);
    double max = Double.NEGATIVE_INFINITY;
    for (double log : logs) {
      max = Math.max(max, log);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - max);
    }
    return max + Math.log(sum);
  }

  private double[] logTerms(double[] x, double alpha, double sigma) {
    double[] logs = new double[weights.length];
    for (int k = 0; k < logs.length; k++) {
      double variance = alpha * alpha * variances[k] + sigma * sigma;
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        squares += Math.pow(x[i] - alpha * means[k][i], 2);
      }
      logs[k] =
          Math.log(weights[k])
              - squares / (2 * variance)
              - x.length / 2.0 * Math.log(2 * Math.PI * variance);
    }
    return logs;
  }

  double[] score(double[] x, double alpha, double sigma) {
    return expectation(
        x,
        alpha,
        sigma,
        (k, i) -> {
          double variance = alpha * alpha * variances[k] + sigma * sigma;
          return -(x[i] - alpha * means[k][i]) / variance;
        });
  }

  /** E[x_0 | x_t], component by component. */
  double[] cleanMean(double[] x, double alpha, double sigma) {
    return expectation(
        x,
        alpha,
        sigma,
        (k, i) -> {
          double variance = alpha * alpha * variances[k] + sigma * sigma;
          double gain = alpha * variances[k] / variance;
          return means[k][i] + gain * (x[i] - alpha * means[k][i]);
        });
  }

  private interface OfComponent {
    double at(int component, int dimension);
  }

  private double[] expectation(double[] x, double alpha, double sigma, OfComponent value) {
    double[] logs = logTerms(x, alpha, sigma);
    double total = logDensity(x, alpha, sigma);
    double[] mean = new double[x.length];
    for (int k = 0; k < logs.length; k++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += Math.exp(logs[k] - total) * value.at(k, i);
      }
    }
    return mean;
  }
}
