package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.backbone.BackboneLoader;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.torch.PrecisionCalibration;
import dev.unmask.lm.torch.PrecisionCalibration.Use;
import dev.unmask.lm.torch.PrecisionChoice;
import dev.unmask.lm.trainer.Trainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Training steps of 8 sequences of 256 tokens: the share of the rate of a bare matrix product, and
 * what a step of block diffusion costs beside a plain one.
 */
final class TrainingShare implements LibraryPart {

  private static final int BATCH = 8;
  private static final int WARM_UP = 3;
  private static final int ROUNDS = 10;
  private static final double SHARE_GOAL = 0.7;
  private static final double BLOCK_LIMIT = 2.1;
  private static final List<Integer> BLOCK_SIZES = List.of(4, 8, 16, 32);
  private static final String PLAIN = "plain";
  private static final String MATRIX = "matrix";

  @Override
  public void run(Options options, Consumer<Result> results) {
    int rounds = options.repeats(ROUNDS);
    for (BackboneConfig backbone :
        List.of(LibraryShapes.twelveMillion(8), LibraryShapes.fortyMillion(8))) {
      Precision picked = picked(backbone);
      for (Precision precision : List.of(Precision.F32, Precision.BF16)) {
        share(backbone, precision, precision == picked, rounds, results);
      }
    }
    blocks(picked(LibraryShapes.twelveMillion(8)), rounds, results);
  }

  /** What {@code auto} trains in on this machine. */
  static Precision picked(BackboneConfig backbone) {
    return PrecisionCalibration.resolve(
        PrecisionChoice.AUTO,
        BackboneLoader.products(backbone, BATCH * backbone.contextLength()),
        Use.TRAINING);
  }

  private static void share(
      BackboneConfig backbone,
      Precision precision,
      boolean picked,
      int rounds,
      Consumer<Result> results) {
    try (MatrixRate matrix = new MatrixRate(precision);
        Trainer trainer = trainer(backbone, new Autoregressive(), precision, rounds)) {
      Turns.Taken taken =
          new Turns()
              .measure(MATRIX, () -> best(matrix))
              .time(PLAIN, trainer::step)
              .take(WARM_UP, rounds);
      double rate = taken.median(MATRIX);
      double milliseconds = taken.median(PLAIN);
      double flops = TrainingFlops.autoregressive(backbone, BATCH);
      Result share =
          Result.of(
                  BENCHMARK,
                  "training step, %.1f M parameters, %s: share of the matrix rate"
                      .formatted(backbone.parameterCount() / 1e6, precision),
                  flops / milliseconds / 1e6 / rate,
                  "fraction")
              .with("picked_by_auto", picked ? "yes" : "no")
              .with("step_milliseconds", milliseconds)
              .with("tokens_a_second", BATCH * backbone.contextLength() / milliseconds * 1e3)
              .with("matrix_gigaflops_a_second", rate);
      results.accept(picked ? share.withGoal(SHARE_GOAL) : share);
    }
  }

  private static double best(MatrixRate matrix) {
    double best = 0;
    for (int i = 0; i < 5; i++) {
      best = Math.max(best, matrix.measure());
    }
    return best;
  }

  private static void blocks(Precision precision, int rounds, Consumer<Result> results) {
    BackboneConfig backbone = LibraryShapes.twelveMillion(8);
    Map<String, Trainer> trainers = new LinkedHashMap<>();
    try {
      trainers.put(PLAIN, trainer(backbone, new Autoregressive(), precision, rounds));
      for (int size : BLOCK_SIZES) {
        trainers.put(
            "" + size,
            trainer(
                LibraryShapes.twelveMillion(size), new BlockDiffusion(size), precision, rounds));
      }
      Turns turns = new Turns();
      trainers.forEach((name, trainer) -> turns.time(name, trainer::step));
      Turns.Taken taken = turns.take(WARM_UP, rounds);
      double plain = taken.median(PLAIN);
      for (int size : BLOCK_SIZES) {
        double step = taken.median("" + size);
        results.accept(
            Result.of(
                    BENCHMARK,
                    "training step of block diffusion, blocks of %d, over a plain step"
                        .formatted(size),
                    step / plain,
                    "ratio")
                .withLimit(BLOCK_LIMIT)
                .with("precision", precision.name())
                .with("step_milliseconds", step)
                .with("plain_milliseconds", plain));
      }
    } finally {
      trainers.values().forEach(Trainer::close);
    }
  }

  private static Trainer trainer(
      BackboneConfig backbone, Objective objective, Precision precision, int rounds) {
    return Trainer.start(
        LibraryShapes.plan(backbone, objective, BATCH, precision, WARM_UP + rounds),
        LibraryShapes.text(backbone, BATCH));
  }
}
