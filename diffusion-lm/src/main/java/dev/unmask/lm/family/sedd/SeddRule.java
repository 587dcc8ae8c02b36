package dev.unmask.lm.family.sedd;

import dev.unmask.lm.corruption.TokenGraph;
import dev.unmask.lm.decoding.ReverseRule;
import dev.unmask.lm.decoding.TimeGrid;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * SEDD's predictors (arXiv:2310.16834, sections 4.1 and 4.2). The last step takes back all noise
 * that is left at once, with a draw and not with the most probable token.
 */
record SeddRule(SeddConfig config, TimeGrid grid, Predictor predictor) implements ReverseRule {

  /** How a step before the last one goes back in time. */
  enum Predictor {
    /** First order in the length of the step. */
    EULER,
    /** Tweedie: the noise of the step taken back at once, exact for an exact score. */
    ANALYTIC
  }

  @Override
  public int steps() {
    return grid.steps() + 1;
  }

  @Override
  public double totalNoise(int step) {
    return grid.totalNoise(step);
  }

  @Override
  public double[] weights(int step, double[] logits, int current) {
    double[] score = config.logScore(logits, current, totalNoise(step));
    Arrays.setAll(score, v -> Math.exp(score[v]));
    TokenGraph graph = config.graph();
    if (step == grid.steps()) {
      double[] weights = graph.analyticWeights(score, current, totalNoise(step));
      return withoutNoise(weights);
    }
    return switch (predictor) {
      case EULER -> {
        double rate = config.schedule().rate(grid.time(step));
        yield graph.eulerWeights(score, current, grid.stepLength() * rate);
      }
      case ANALYTIC -> graph.analyticWeights(score, current, grid.noiseBack(step));
    };
  }

  /** The mask token is no answer; its column is cut off. */
  private double[] withoutNoise(double[] weights) {
    return switch (config.graph()) {
      case TokenGraph.Absorbing(int maskId) -> Arrays.copyOf(weights, maskId);
      case TokenGraph.Uniform ignored -> weights;
    };
  }

  @Override
  public boolean settles(int state) {
    return config.graph().settles(state);
  }

  @Override
  public int initial(IntUnaryOperator state) {
    return config.graph().noisy(state);
  }

  @Override
  public boolean reusesAnswers() {
    return false; // the network is told the time, which every step changes
  }
}
