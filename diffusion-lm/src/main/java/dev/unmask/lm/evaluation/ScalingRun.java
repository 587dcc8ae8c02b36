package dev.unmask.lm.evaluation;

/**
 * One training run of a scaling study.
 *
 * @param compute training floating-point operations, 6 N D (see {@link TrainingCompute})
 * @param parameters N, without embedding and head
 * @param loss validation loss in nats per token
 */
public record ScalingRun(double compute, double parameters, double loss) {
  public ScalingRun {
    if (!(compute > 0) || !(parameters > 0) || !(loss > 0) || Double.isInfinite(loss)) {
      throw new IllegalArgumentException(
          "compute, parameters and loss must be positive, were %s, %s and %s"
              .formatted(compute, parameters, loss));
    }
  }
}
