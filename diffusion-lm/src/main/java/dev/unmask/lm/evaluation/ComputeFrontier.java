package dev.unmask.lm.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The runs that no run of as little or less compute undercuts: the lower envelope of all training
 * curves (first approach of Hoffmann et al., arXiv:2203.15556).
 */
public final class ComputeFrontier {
  private ComputeFrontier() {}

  /** Those runs in ascending order of compute and descending order of loss. */
  public static List<ScalingRun> of(List<ScalingRun> runs) {
    List<ScalingRun> frontier = new ArrayList<>();
    double lowest = Double.POSITIVE_INFINITY;
    for (ScalingRun run : byComputeThenLoss(runs)) {
      if (run.loss() < lowest) {
        lowest = run.loss();
        frontier.add(run);
      }
    }
    return List.copyOf(frontier);
  }

  private static List<ScalingRun> byComputeThenLoss(List<ScalingRun> runs) {
    return runs.stream()
        .sorted(
            Comparator.comparingDouble(ScalingRun::compute)
                .thenComparingDouble(ScalingRun::loss)
                .thenComparingDouble(ScalingRun::parameters))
        .toList();
  }

  /**
   * How many times the compute of {@code reference} a method needs for the same loss, where both
   * follow a power law: for instance about 16 of masked diffusion against autoregression in SMDM.
   */
  public static double computeRatio(PowerLaw method, PowerLaw reference, double loss) {
    return method.inverse(loss) / reference.inverse(loss);
  }
}
