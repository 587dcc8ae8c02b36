package dev.unmask.lm.optimizer;

/**
 * AdamW with clipping, warm-up, decay and an exponential moving average of the weights.
 *
 * @param learningRate peak, reached after the warm-up
 * @param weightDecay decoupled; pulls on matrices only
 * @param gradientClip largest L2 norm of all gradients together
 * @param warmupSteps optimizer steps of linear warm-up at the start of a plan
 * @param decay course of the learning rate over the whole plan
 * @param averageDecay the moving average's decay once it has seen enough steps, in [0, 1)
 */
public record OptimizerSettings(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double gradientClip,
    int warmupSteps,
    Decay decay,
    double averageDecay) {

  /** Course of the learning rate after the warm-up. */
  public enum Decay {
    /** Stays at the peak. */
    CONSTANT,
    /** Half a cosine from the peak to a tenth of it. */
    COSINE,
    /** Stays at the peak, then falls linearly to zero over the last 40 % of the plan. */
    STABLE_THEN_LINEAR
  }

  public OptimizerSettings {
    require(learningRate > 0 && learningRate < 1, "learningRate", "in (0, 1)", learningRate);
    require(beta1 >= 0 && beta1 < 1, "beta1", "in [0, 1)", beta1);
    require(beta2 >= 0 && beta2 < 1, "beta2", "in [0, 1)", beta2);
    require(epsilon > 0, "epsilon", "positive", epsilon);
    require(weightDecay >= 0 && weightDecay < 1, "weightDecay", "in [0, 1)", weightDecay);
    require(gradientClip > 0, "gradientClip", "positive", gradientClip);
    require(warmupSteps >= 0, "warmupSteps", "at least 0", warmupSteps);
    require(averageDecay >= 0 && averageDecay < 1, "averageDecay", "in [0, 1)", averageDecay);
  }

  /** What trains small models well: betas 0.9 and 0.95, weight decay 0.1, clipping at 1. */
  public static OptimizerSettings of(double learningRate) {
    return new OptimizerSettings(
        learningRate, 0.9, 0.95, 1e-8, 0.1, 1, 40, Decay.STABLE_THEN_LINEAR, 0.999);
  }

  private static void require(boolean valid, String field, String range, double value) {
    if (!valid) {
      throw new IllegalArgumentException(field + " must be " + range + ", was " + value);
    }
  }
}
