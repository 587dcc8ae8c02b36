package dev.unmask.training.pipeline;

/**
 * Keeps samples cheap, whatever the method and the size of the model: they come again once what
 * they took the last time is a twentieth of the training since then. Compute thread only.
 */
final class SamplingBudget {
  private static final double SHARE = 0.05;

  private double trained;
  private double spent;

  /** Training went on for so many milliseconds. */
  void trained(double milliseconds) {
    trained += milliseconds;
  }

  /** Whether samples may be made now; the first ones, whose cost nobody knows, always may. */
  boolean allows() {
    return spent <= SHARE * trained;
  }

  /** Samples took so many milliseconds. */
  void spent(double milliseconds) {
    spent = milliseconds;
    trained = 0;
  }
}
