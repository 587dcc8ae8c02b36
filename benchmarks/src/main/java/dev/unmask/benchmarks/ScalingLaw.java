package dev.unmask.benchmarks;

import dev.unmask.lm.evaluation.ComputeFrontier;
import dev.unmask.lm.evaluation.PowerLaw;
import dev.unmask.lm.evaluation.ScalingRun;
import java.util.List;

/**
 * How the loss of a method falls with compute.
 *
 * @param runs all of them
 * @param frontier those that no cheaper run undercuts, which the law goes through
 */
record ScalingLaw(String method, List<ScalingRun> runs, List<ScalingRun> frontier, PowerLaw law) {

  static ScalingLaw fit(String method, List<ScalingRun> runs) {
    List<ScalingRun> frontier = ComputeFrontier.of(runs);
    PowerLaw law =
        PowerLaw.fit(
            frontier.stream().mapToDouble(ScalingRun::compute).toArray(),
            frontier.stream().mapToDouble(ScalingRun::loss).toArray());
    return new ScalingLaw(method, List.copyOf(runs), frontier, law);
  }

  /** How far a run is above the law, as a share of the law's loss. */
  double residual(ScalingRun run) {
    return run.loss() / law.at(run.compute()) - 1;
  }

  double largestResidual() {
    return frontier.stream().mapToDouble(run -> Math.abs(residual(run))).max().orElseThrow();
  }

  double lowestLoss() {
    return frontier.stream().mapToDouble(ScalingRun::loss).min().orElseThrow();
  }

  double highestLoss() {
    return frontier.stream().mapToDouble(ScalingRun::loss).max().orElseThrow();
  }

  /** Operations that a loss takes, by the law. */
  double computeFor(double loss) {
    return law.inverse(loss);
  }
}
