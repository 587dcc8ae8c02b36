package dev.unmask.lm.trainer;

/** The loss or its gradient became infinite or undefined; the weights are lost. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public TrainingDivergedException(long step, double loss, double gradientNorm) {
    super(
        "training diverged at optimizer step "
            + step
            + ": loss "
            + loss
            + ", gradient norm "
            + gradientNorm
            + "; lower the learning rate or lengthen the warm-up");
  }
}
