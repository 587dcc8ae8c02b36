package dev.unmask.lm.family.dsm;

import dev.unmask.lm.random.KeyedRandom;
import java.util.Arrays;

/**
 * Log density of a point by the probability flow: it is carried to time 1, where the density is
 * known, and the flow's divergence on the way is added up (arXiv:2011.13456, section 4.3). Fourth
 * order Runge-Kutta in time.
 *
 * @param steps of the flow
 * @param first time that the point is taken to be at: densities of data itself need not exist
 */
public record OdeLikelihood(GaussianProcess process, int steps, double first) {
  private static final double PROBE = 1e-4;

  public OdeLikelihood {
    if (steps < 1 || !(first >= 0 && first < 1)) {
      throw new IllegalArgumentException("needs a step and a first time in [0, 1)");
    }
  }

  /** How the divergence of the flow is found. */
  @FunctionalInterface
  public interface Directions {
    /** Vectors e whose mean of e e^T is the identity; probes of the divergence at one time. */
    double[][] of(int step, int dimensions);

    /** Exact, one probe a coordinate: for few coordinates. */
    static Directions axes() {
      return (step, dimensions) -> {
        double[][] axes = new double[dimensions][dimensions];
        for (int i = 0; i < dimensions; i++) {
          axes[i][i] = Math.sqrt(dimensions);
        }
        return axes;
      };
    }

    /** One probe of random signs: without bias for any number of coordinates (Hutchinson). */
    static Directions signs(KeyedRandom random) {
      return (step, dimensions) -> {
        double[] signs = new double[dimensions];
        Arrays.setAll(signs, i -> random.uniform(step, i) < 0.5 ? -1 : 1);
        return new double[][] {signs};
      };
    }
  }

  /** Nats of log density at {@code x}, a point of time {@code first}. */
  public double logDensity(double[] x, ScoreFunction score, Directions directions) {
    double h = (1 - first) / steps;
    double[] now = x.clone();
    double divergence = 0;
    for (int step = 0; step < steps; step++) {
      double t = first + step * h;
      double[][] probes = directions.of(step, x.length);
      double[] k1 = velocity(now, score, t);
      double[] atHalf1 = along(now, k1, h / 2);
      double[] k2 = velocity(atHalf1, score, t + h / 2);
      double[] atHalf2 = along(now, k2, h / 2);
      double[] k3 = velocity(atHalf2, score, t + h / 2);
      double[] atEnd = along(now, k3, h);
      double[] k4 = velocity(atEnd, score, t + h);
      divergence +=
          h
              / 6
              * (divergence(now, score, t, probes)
                  + 2 * divergence(atHalf1, score, t + h / 2, probes)
                  + 2 * divergence(atHalf2, score, t + h / 2, probes)
                  + divergence(atEnd, score, t + h, probes));
      for (int i = 0; i < now.length; i++) {
        now[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
      }
    }
    return prior(now) + divergence;
  }

  private double prior(double[] x) {
    double deviation = process.priorDeviation();
    double squares = Arrays.stream(x).map(v -> v * v / (deviation * deviation)).sum();
    return -(squares + x.length * Math.log(2 * Math.PI * deviation * deviation)) / 2;
  }

  private double[] velocity(double[] x, ScoreFunction score, double t) {
    double time = Math.max(t, 1e-6);
    return ReverseSteps.flow(process, x, score.at(x, time), time);
  }

  /** Central differences along the probes: no gradient of the network is needed. */
  private double divergence(double[] x, ScoreFunction score, double t, double[][] probes) {
    double sum = 0;
    for (double[] probe : probes) {
      double[] ahead = velocity(along(x, probe, PROBE), score, t);
      double[] behind = velocity(along(x, probe, -PROBE), score, t);
      for (int i = 0; i < x.length; i++) {
        sum += probe[i] * (ahead[i] - behind[i]) / (2 * PROBE);
      }
    }
    return sum / probes.length;
  }

  private static double[] along(double[] x, double[] direction, double by) {
    double[] moved = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      moved[i] = x[i] + by * direction[i];
    }
    return moved;
  }
}
