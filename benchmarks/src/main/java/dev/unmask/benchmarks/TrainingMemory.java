package dev.unmask.benchmarks;

import dev.unmask.lm.backbone.Activations;
import dev.unmask.lm.backbone.BackboneConfig;
import dev.unmask.lm.objective.Autoregressive;
import dev.unmask.lm.torch.Precision;
import dev.unmask.lm.trainer.Trainer;
import dev.unmask.lm.trainer.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Memory of the whole process while it trains: resident pages, as the kernel counts them. */
final class TrainingMemory implements LibraryPart {

  private static final int STEPS = SteadyTraining.SETTLED + 1_000;
  private static final int HOLDING_STEPS = 4;

  /** Weights, gradients, two moments, average. */
  private static final int STATES = 5;

  private static final int BATCH = 8;
  private static final double GROWTH_LIMIT = 1.02;

  @Override
  public void run(Options options, Consumer<Result> results) {
    if (!ResidentMemory.isKnown()) {
      return; // only Linux tells
    }
    // What was freed may stay with the process: the smaller one first, both from one beginning.
    long before = ResidentMemory.now();
    int steps = options.repeats(HOLDING_STEPS);
    Held recomputed = hold(Activations.RECOMPUTED, steps, before);
    Held kept = hold(Activations.KEPT, steps, before);
    results.accept(held("a training step's memory at its peak, activations kept", kept));
    results.accept(
        held("a training step's memory at its peak, activations recomputed", recomputed)
            .with("time_over_kept", recomputed.milliseconds() / kept.milliseconds()));
    flat(options.quick() ? SteadyTraining.SETTLED + 1 : STEPS, results);
  }

  /**
   * @param state bytes of weights, gradients, two moments and the average
   * @param peak bytes that the process grew by
   * @param milliseconds of a step
   */
  private record Held(long state, long peak, double milliseconds) {}

  private static Held hold(Activations activations, int steps, long before) {
    BackboneConfig backbone = LibraryShapes.twelveMillion(8);
    TrainingPlan plan =
        LibraryShapes.plan(backbone, new Autoregressive(), BATCH, Precision.F32, steps + 1)
            .with(activations);
    try (Trainer trainer = Trainer.start(plan, LibraryShapes.text(backbone, BATCH))) {
      trainer.step();
      ResidentMemory.resetPeak();
      List<Double> milliseconds = new ArrayList<>();
      while (!trainer.finished()) {
        milliseconds.add(trainer.step().milliseconds());
      }
      return new Held(
          STATES * Float.BYTES * backbone.parameterCount(),
          ResidentMemory.peak() - before,
          Samples.of(milliseconds).median());
    }
  }

  private static Result held(String name, Held held) {
    return Result.of(
            BENCHMARK,
            name + ", over weights, gradients, moments and average",
            (double) held.peak() / held.state(),
            "ratio")
        .with("peak_megabytes", held.peak() / 1e6)
        .with("state_megabytes", held.state() / 1e6)
        .with("step_milliseconds", held.milliseconds());
  }

  private static void flat(int steps, Consumer<Result> results) {
    SteadyTraining.Memory memory = SteadyTraining.inAProcess(steps);
    results.accept(
        Result.of(
                BENCHMARK,
                "resident memory after %d training steps over that after %d"
                    .formatted(steps, SteadyTraining.SETTLED),
                (double) memory.end() / memory.settled(),
                "ratio")
            .withLimit(GROWTH_LIMIT)
            .with("settled_megabytes", memory.settled() / 1e6)
            .with("end_megabytes", memory.end() / 1e6));
  }
}
