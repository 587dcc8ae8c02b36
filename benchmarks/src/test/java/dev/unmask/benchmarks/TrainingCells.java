package dev.unmask.benchmarks;

import dev.unmask.lm.torch.PrecisionChoice;

/** Cells that take no time. */
final class TrainingCells {
  private TrainingCells() {}

  static TrainingCell tiny() {
    return new TrainingCell(
        "ar",
        0,
        null,
        new TrainingCell.Shape(TrainingCell.Network.OWN, 1, 16, 2, 32),
        new TrainingCell.Budget(2, 2, 1e-3, 0.99),
        1,
        PrecisionChoice.F32,
        new TrainingCell.Validation(4, 2),
        "digest");
  }
}
