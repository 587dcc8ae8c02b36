package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.trainer.Trainer;
import java.util.function.Consumer;

/** Memory of the whole process while it trains: resident pages, as the kernel counts them. */
final class TrainingMemory implements LibraryPart {

  private static final int STEPS = 1_000;
  private static final int SETTLED = 100;
  private static final int BATCH = 8;
  private static final double GROWTH_LIMIT = 1.02;

  @Override
  public void run(Options options, Consumer<Result> results) {
    if (!ResidentMemory.isKnown()) {
      return; // only Linux tells
    }
    flat(options.quick() ? 2 * SETTLED : STEPS, results);
  }

  private static void flat(int steps, Consumer<Result> results) {
    BackboneConfig backbone = BackboneConfig.llama(1025, 4, 128, 4, 344, 64, 8);
    try (Trainer trainer =
        Trainer.start(
            LibraryShapes.plan(backbone, new Autoregressive(), BATCH, Precision.F32, steps),
            LibraryShapes.text(backbone, BATCH))) {
      for (int i = 0; i < SETTLED; i++) {
        trainer.step();
      }
      long settled = ResidentMemory.now();
      while (!trainer.finished()) {
        trainer.step();
      }
      long end = ResidentMemory.now();
      results.accept(
          Result.of(
                  BENCHMARK,
                  "resident memory after %d training steps over that after %d"
                      .formatted(steps, SETTLED),
                  (double) end / settled,
                  "ratio")
              .withLimit(GROWTH_LIMIT)
              .with("settled_megabytes", settled / 1e6)
              .with("end_megabytes", end / 1e6));
    }
  }
}
