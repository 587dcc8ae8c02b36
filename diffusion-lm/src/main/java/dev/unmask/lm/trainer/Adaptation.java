package dev.unmask.lm.trainer;

import dev.unmask.lm.objective.AdaptiveObjective;
import dev.unmask.lm.objective.AdaptiveObjective.Scorer;
import dev.unmask.lm.objective.Objective;
import dev.unmask.lm.packing.PackedSequences;
import dev.unmask.lm.random.KeyedRandom;
import java.util.Map;
import java.util.TreeMap;

/** What the adaptive objective of a phase has found so far; empty for every other objective. */
final class Adaptation {
  private final TrainingPlan plan;
  private final PackedSequences training;
  private final Scorer scorer;
  private Map<String, Double> found;

  /**
   * @param found as a checkpoint has it
   */
  Adaptation(
      TrainingPlan plan, PackedSequences training, Scorer scorer, Map<String, Double> found) {
    this.plan = plan;
    this.training = training;
    this.scorer = scorer;
    this.found = new TreeMap<>(found);
  }

  /** Sorted by name. */
  Map<String, Double> found() {
    return found;
  }

  /** How an objective draws now. */
  Objective apply(Objective objective) {
    return objective instanceof AdaptiveObjective adaptive && !found.isEmpty()
        ? adaptive.adapted(found)
        : objective;
  }

  /**
   * Searches where it is time to. The rows and draws are keyed by the optimizer step, so a resumed
   * run finds the same.
   *
   * @return what was found now, empty if it was not time
   */
  Map<String, Double> renew(Objective objective, long optimizerStep, int phase) {
    long ofPhase = optimizerStep - plan.startOf(phase);
    if (ofPhase == 0) {
      found = Map.of();
    }
    if (!(objective instanceof AdaptiveObjective adaptive)
        || ofPhase == 0
        || ofPhase % adaptive.interval() != 0) {
      return Map.of();
    }
    KeyedRandom random = KeyedRandom.of(plan.seed()).split("adaptation").split(optimizerStep);
    // Another order than that of training: not the rows that the last steps have just learned.
    int[][] rows = training.batch(optimizerStep, adaptive.rows(), ~plan.seed());
    found =
        new TreeMap<>(
            adaptive.search(rows, plan.batchSize(), plan.backbone().maskId(), scorer, random));
    return found;
  }
}
