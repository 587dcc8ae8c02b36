package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.objective.BlockDiffusion;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.trainer.Trainer;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Where the time of a training step goes, operator by operator. The profiler itself costs some. */
final class ProfileBenchmark implements Benchmark {

  private static final int BATCH = 8;
  private static final int WARM_UP = 3;
  private static final int STEPS = 5;
  private static final int SHOWN = 24;

  @Override
  public String name() {
    return "profile";
  }

  @Override
  public String description() {
    return "where the time of a training step goes, by operator, in each number type";
  }

  @Override
  public void run(Options options, Consumer<Result> results) {
    BackboneConfig backbone = LibraryShapes.twelveMillion(8);
    for (Precision precision : List.of(Precision.F32, Precision.BF16)) {
      report("autoregressive", new Autoregressive(), backbone, precision, results);
      report("block diffusion", new BlockDiffusion(8), backbone, precision, results);
    }
  }

  private void report(
      String objectiveName,
      Objective objective,
      BackboneConfig backbone,
      Precision precision,
      Consumer<Result> results) {
    int steps = 2 * WARM_UP + STEPS;
    try (Trainer trainer =
        Trainer.start(
            LibraryShapes.plan(backbone, objective, BATCH, precision, steps),
            LibraryShapes.text(backbone, BATCH))) {
      for (int i = 0; i < WARM_UP; i++) {
        trainer.step();
      }
      OperatorProfile profile =
          OperatorProfile.of(
              () -> {
                for (int i = 0; i < STEPS; i++) {
                  trainer.step();
                }
              });
      String what = objectiveName + " step " + precision.name().toLowerCase(Locale.ROOT) + ": ";
      results.accept(
          Result.of(name(), what + "all operators", profile.milliseconds() / STEPS, "ms"));
      profile.operators().stream()
          .limit(SHOWN)
          .forEach(
              operator ->
                  results.accept(
                      Result.of(
                              name(), what + operator.name(), operator.milliseconds() / STEPS, "ms")
                          .with("calls", (double) operator.calls() / STEPS)
                          .with("share", operator.milliseconds() / profile.milliseconds())));
    }
  }
}
