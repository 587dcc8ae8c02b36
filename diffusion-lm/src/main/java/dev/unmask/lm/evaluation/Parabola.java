package dev.unmask.lm.evaluation;

/**
 * A parabola {@code second x^2 + first x + constant}.
 *
 * @param second coefficient of x^2
 * @param first coefficient of x
 * @param constant its value at 0
 */
record Parabola(double second, double first, double constant) {

  /** Least squares by the normal equations; x should be centred and hold three values at least. */
  static Parabola fit(double[] x, double[] y) {
    double[] power = new double[5];
    double[] moment = new double[3];
    for (int i = 0; i < x.length; i++) {
      double xToK = 1;
      for (int k = 0; k < power.length; k++) {
        power[k] += xToK;
        if (k < moment.length) {
          moment[k] += xToK * y[i];
        }
        xToK *= x[i];
      }
    }
    return solve(power, moment);
  }

  /** Cramer's rule for the symmetric matrix whose entry (i, j) is {@code p[i + j]}. */
  private static Parabola solve(double[] p, double[] m) {
    double c00 = p[2] * p[4] - p[3] * p[3];
    double c01 = p[2] * p[3] - p[1] * p[4];
    double c02 = p[1] * p[3] - p[2] * p[2];
    double c11 = p[0] * p[4] - p[2] * p[2];
    double c12 = p[1] * p[2] - p[0] * p[3];
    double c22 = p[0] * p[2] - p[1] * p[1];
    double determinant = p[0] * c00 + p[1] * c01 + p[2] * c02;
    return new Parabola(
        (c02 * m[0] + c12 * m[1] + c22 * m[2]) / determinant,
        (c01 * m[0] + c11 * m[1] + c12 * m[2]) / determinant,
        (c00 * m[0] + c01 * m[1] + c02 * m[2]) / determinant);
  }

  /** Where it is lowest, if {@code second} is above 0. */
  double lowestAt() {
    return -first / (2 * second);
  }

  /** Its value there. */
  double lowest() {
    return constant - first * first / (4 * second);
  }
}
