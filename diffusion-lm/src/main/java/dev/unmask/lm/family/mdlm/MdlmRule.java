package dev.unmask.lm.family.mdlm;

import dev.unmask.lm.corruption.TokenGraph;
import dev.unmask.lm.decoding.ReverseRule;
import dev.unmask.lm.decoding.TimeGrid;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * MDLM's samplers (arXiv:2406.07524, section 4): a masked position is revealed with the share of
 * the mask probability that a step takes back, and stays as it is from then on.
 *
 * @param maskId the last state
 * @param temperature that logits are divided by, above 0; 1 is the published sampler
 * @param reusesAnswers whether the network, not being told the time, is asked only after something
 *     changed
 */
record MdlmRule(
    TimeGrid grid, int maskId, Sampler sampler, double temperature, boolean reusesAnswers)
    implements ReverseRule {

  /** How a step goes back in time. */
  enum Sampler {
    /** The posterior of the process; what is masked at the end becomes its most probable token. */
    ANCESTRAL,
    /** SEDD's predictor with the ratios that the network's probabilities imply. */
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
    double[] scaled = Arrays.stream(logits).map(logit -> logit / temperature).toArray();
    double[] clean = Arrays.stream(Subs.logProbabilities(scaled)).map(Math::exp).toArray();
    return switch (sampler) {
      case ANCESTRAL -> step == grid.steps() ? mostProbable(clean) : posterior(step, clean);
      case ANALYTIC -> analytic(step, clean);
    };
  }

  private double[] posterior(int step, double[] clean) {
    double before = -Math.expm1(-totalNoise(step));
    double after = -Math.expm1(-(totalNoise(step) - grid.noiseBack(step)));
    double[] weights = Arrays.stream(clean).map(p -> p * (before - after)).toArray();
    weights[maskId] = after;
    return weights;
  }

  private static double[] mostProbable(double[] clean) {
    int best = 0;
    for (int v = 1; v < clean.length; v++) {
      best = clean[v] > clean[best] ? v : best;
    }
    double[] weights = new double[clean.length];
    weights[best] = 1;
    return weights;
  }

  private double[] analytic(int step, double[] clean) {
    double noise = totalNoise(step);
    double ratio = 1 / Math.expm1(noise);
    double[] score = Arrays.stream(clean).map(p -> p * ratio).toArray();
    score[maskId] = 1;
    boolean last = step == grid.steps();
    double[] weights =
        new TokenGraph.Absorbing(maskId)
            .analyticWeights(score, maskId, last ? noise : grid.noiseBack(step));
    if (last) {
      weights[maskId] = 0;
    }
    return weights;
  }

  @Override
  public boolean settles(int state) {
    return state != maskId;
  }

  @Override
  public int initial(IntUnaryOperator state) {
    return maskId;
  }
}
