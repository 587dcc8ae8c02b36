package dev.unmask.lm.evaluation;

import java.util.List;

/**
 * {@code y = e^beta x^alpha}, a straight line in logarithms: how loss or the best model size grow
 * with compute (SMDM, arXiv:2410.18514, equation of the IsoFLOP fit).
 *
 * @param alpha exponent
 * @param beta logarithm of the factor
 */
public record PowerLaw(double alpha, double beta) {

  /**
   * Least squares of ln y on ln x.
   *
   * @param x positive, two different values at least
   * @param y positive, one a value of x
   */
  public static PowerLaw fit(double[] x, double[] y) {
    if (x.length != y.length || x.length < 2) {
      throw new IllegalArgumentException(
          "a power law needs two points at least, got %d and %d values"
              .formatted(x.length, y.length));
    }
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += Math.log(x[i]) / x.length;
      meanY += Math.log(y[i]) / x.length;
    }
    double variance = 0;
    double covariance = 0;
    for (int i = 0; i < x.length; i++) {
      double deviation = Math.log(x[i]) - meanX;
      variance += deviation * deviation;
      covariance += deviation * (Math.log(y[i]) - meanY);
    }
    if (!(variance > 0) || Double.isNaN(covariance)) {
      throw new IllegalArgumentException("a power law needs different positive values");
    }
    double alpha = covariance / variance;
    return new PowerLaw(alpha, meanY - alpha * meanX);
  }

  /** The best loss as a power of the compute budget. */
  public static PowerLaw ofLoss(List<IsoFlop.Optimum> optima) {
    return fit(computes(optima), optima.stream().mapToDouble(IsoFlop.Optimum::loss).toArray());
  }

  /** The best number of parameters as a power of the compute budget. */
  public static PowerLaw ofParameters(List<IsoFlop.Optimum> optima) {
    return fit(
        computes(optima), optima.stream().mapToDouble(IsoFlop.Optimum::parameters).toArray());
  }

  private static double[] computes(List<IsoFlop.Optimum> optima) {
    return optima.stream().mapToDouble(IsoFlop.Optimum::compute).toArray();
  }

  /** y at x. */
  public double at(double x) {
    return Math.exp(beta + alpha * Math.log(x));
  }

  /** The x that gives y: for instance the compute that a loss takes. */
  public double inverse(double y) {
    return Math.exp((Math.log(y) - beta) / alpha);
  }
}
