package dev.unmask.training.pipeline;

import dev.unmask.training.api.SubmitJob;
import dev.unmask.training.api.SubmitJob.PhaseSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/** Turns a spec's budget into the optimizer steps of each phase. */
final class StepBudget {
  /** Checkpoints, validation and the slower first steps take their part of the minutes too. */
  private static final double COMPUTING_SHARE = 0.9;

  private StepBudget() {}

  /**
   * @param millisPerStep measures an optimizer step of a phase; asked only when minutes are given
   * @return at least one step a phase
   */
  static List<Integer> steps(SubmitJob spec, IntToDoubleFunction millisPerStep) {
    List<PhaseSpec> phases = Objects.requireNonNull(spec.phases());
    Double minutes = spec.minutes();
    if (minutes == null) {
      return phases.stream().map(phase -> Objects.requireNonNull(phase.steps())).toList();
    }
    double shares = phases.stream().mapToDouble(StepBudget::share).sum();
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i < phases.size(); i++) {
      double budget = minutes * 60_000 * COMPUTING_SHARE * share(phases.get(i)) / shares;
      double millis = Math.max(millisPerStep.applyAsDouble(i), 0.001);
      steps.add((int) Math.clamp(Math.round(budget / millis), 1L, 100_000_000L));
    }
    return steps;
  }

  private static double share(PhaseSpec phase) {
    Double share = phase.share();
    return share == null ? 1 : share;
  }
}
