package dev.unmask.lm.optimizer;

/**
 * The learning rate of every optimizer step of a plan.
 *
 * @param totalSteps optimizer steps of all phases
 */
public record LearningRateSchedule(OptimizerSettings settings, long totalSteps) {
  private static final double COSINE_FLOOR = 0.1;
  private static final double LINEAR_SHARE = 0.4;

  /**
   * @param step counts from 1
   */
  public double at(long step) {
    double warmup =
        settings.warmupSteps() == 0 ? 1 : Math.min(1, (double) step / settings.warmupSteps());
    return settings.learningRate() * warmup * decay(step);
  }

  private double decay(long step) {
    double progress = Math.min(1, (double) (step - 1) / totalSteps);
    return switch (settings.decay()) {
      case CONSTANT -> 1;
      case COSINE -> COSINE_FLOOR + (1 - COSINE_FLOOR) * 0.5 * (1 + Math.cos(Math.PI * progress));
      case STABLE_THEN_LINEAR -> Math.min(1, (1 - progress) / LINEAR_SHARE);
    };
  }
}
