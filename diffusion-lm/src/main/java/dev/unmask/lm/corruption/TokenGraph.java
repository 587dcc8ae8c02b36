package dev.unmask.lm.corruption;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/**
 * Which token may turn into which under noise, as a continuous-time Markov chain over the states of
 * one position (SEDD, arXiv:2310.16834). All vectors are over the states; everything is computed in
 * double, because the ratios lose digits in float32 where the noise is small.
 */
public sealed interface TokenGraph {

  /**
   * Tokens turn into the mask token and stay so.
   *
   * @param maskId the last state
   */
  record Absorbing(int maskId) implements TokenGraph {
    public Absorbing {
      requireStates(maskId + 1);
    }

    @Override
    public int states() {
      return maskId + 1;
    }

    @Override
    public double[] rates(int current) {
      double[] rates = new double[states()];
      rates[current] = -1;
      if (current == maskId) {
        Arrays.fill(rates, 0, maskId, 1);
        rates[maskId] = 0;
      }
      return rates;
    }

    @Override
    public double[] transitions(int current, double noise) {
      double[] column = new double[states()];
      if (current == maskId) {
        Arrays.fill(column, -Math.expm1(-noise));
        column[maskId] = 1;
      } else {
        column[current] = Math.exp(-noise);
      }
      return column;
    }

    @Override
    public double[] stagger(double[] score, double noise) {
      double grown = Math.exp(noise);
      double[] staggered = Arrays.stream(score).map(value -> grown * value).toArray();
      staggered[maskId] -= Math.expm1(noise) * Arrays.stream(score).sum();
      return staggered;
    }

    @Override
    public double scoreEntropy(double[] logScore, int current, int clean, double totalNoise) {
      if (current != maskId) {
        return 0;
      }
      double ratio = 1 / Math.expm1(totalNoise);
      double sum = 0;
      for (int v = 0; v < maskId; v++) {
        sum += Math.exp(logScore[v]);
      }
      return sum - ratio * logScore[clean] + ratio * (Math.log(ratio) - 1);
    }

    @Override
    public boolean settles(int state) {
      return state != maskId;
    }

    @Override
    public int noisy(IntUnaryOperator state) {
      return maskId;
    }
  }

  /** Tokens turn into any token alike. */
  record Uniform(int states) implements TokenGraph {
    public Uniform {
      requireStates(states);
    }

    @Override
    public double[] rates(int current) {
      double[] rates = new double[states];
      Arrays.fill(rates, 1.0 / states);
      rates[current] = (1.0 - states) / states;
      return rates;
    }

    @Override
    public double[] transitions(int current, double noise) {
      double[] column = new double[states];
      double other = -Math.expm1(-noise) / states;
      Arrays.fill(column, other);
      column[current] = 1 - other * (states - 1);
      return column;
    }

    @Override
    public double[] stagger(double[] score, double noise) {
      double grown = Math.exp(noise);
      double shared = Math.expm1(noise) / states * Arrays.stream(score).sum();
      return Arrays.stream(score).map(value -> grown * value - shared).toArray();
    }

    @Override
    public double scoreEntropy(double[] logScore, int current, int clean, double totalNoise) {
      double e = Math.expm1(totalNoise);
      double ratio = e / (e + states);
      double positive = 0;
      double mean = 0;
      for (int v = 0; v < states; v++) {
        if (v != current) {
          positive += Math.exp(logScore[v]) / states;
          mean += logScore[v] / states;
        }
      }
      if (current == clean) {
        double constant = (states - 1.0) / states * ratio * (Math.log(ratio) - 1);
        return positive - ratio * mean + constant;
      }
      double constant = ((-Math.log(ratio) - 1) / ratio - (states - 2)) / states;
      return positive - (logScore[clean] / e + mean) + constant;
    }

    @Override
    public boolean settles(int state) {
      return false;
    }

    @Override
    public int noisy(IntUnaryOperator state) {
      return state.applyAsInt(states);
    }
  }

  /** Number of states of a position, the mask token included. */
  int states();

  /** Rates at which each state turns into {@code current}, times one unit of noise. */
  double[] rates(int current);

  /** Probabilities with which each state turns into {@code current} under this much noise. */
  double[] transitions(int current, double noise);

  /** The score after this much noise is taken back: exp(-noise Q) applied to it. */
  double[] stagger(double[] score, double noise);

  /**
   * Score entropy of one position, its constant included: not negative, zero for the true ratios
   * (SEDD, equation 5). Without the rate of the noise.
   *
   * @param logScore logarithms of the ratios to the current token
   * @param totalNoise at the position's time, above 0
   * @return nats
   */
  double scoreEntropy(double[] logScore, int current, int clean, double totalNoise);

  /** Whether a position in this state keeps it for good while noise is taken back. */
  boolean settles(int state);

  /**
   * The state that noise turns a token into.
   *
   * @param state a uniform draw below the number it is given
   */
  int noisy(IntUnaryOperator state);

  /**
   * Log-score from a network's logits: those of the current token are 1 by definition.
   *
   * @param scaledByNoise whether the network leaves out log(exp(noise) - 1) and the logarithm of
   *     the number of other states
   */
  default double[] logScore(
      double[] logits, int current, double totalNoise, boolean scaledByNoise) {
    double scale = Math.log(Math.expm1(totalNoise)) + Math.log(states() - 1.0);
    double[] logScore =
        Arrays.stream(logits).map(logit -> scaledByNoise ? logit - scale : logit).toArray();
    logScore[current] = 0;
    return logScore;
  }

  /**
   * Weights of the states one Euler step back in time. They sum to 1; a large step may make the
   * current state's negative.
   *
   * @param noise rate of the noise times the length of the step
   */
  default double[] eulerWeights(double[] score, int current, double noise) {
    double[] weights = rates(current);
    double leaving = 0;
    for (int v = 0; v < weights.length; v++) {
      weights[v] *= v == current ? 0 : noise * score[v];
      leaving += weights[v];
    }
    weights[current] = 1 - leaving;
    return weights;
  }

  /**
   * Weights of the states after this much noise is taken back at once (Tweedie); exact where the
   * score is.
   */
  default double[] analyticWeights(double[] score, int current, double noise) {
    double[] weights = transitions(current, noise);
    double[] staggered = stagger(score, noise);
    Arrays.setAll(weights, v -> weights[v] * staggered[v]);
    return weights;
  }

  /**
   * Noisy tokens x0 to xt.
   *
   * @param moves uniform number of a position; below 1 - exp(-totalNoise) it is noised
   * @param state uniform state of a position, asked where it is noised
   */
  default int[] corrupt(
      int[] clean, double totalNoise, IntToDoubleFunction moves, IntUnaryOperator state) {
    double probability = -Math.expm1(-totalNoise);
    int[] noisy = clean.clone();
    for (int position = 0; position < noisy.length; position++) {
      if (moves.applyAsDouble(position) < probability) {
        int at = position;
        noisy[position] = noisy(states -> state.applyAsInt(at));
      }
    }
    return noisy;
  }

  private static void requireStates(int states) {
    if (states < 2) {
      throw new IllegalArgumentException("a graph needs two states at least, got " + states);
    }
  }
}
