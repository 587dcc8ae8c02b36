package dev.unmask.lm.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The IsoFLOP analysis of a scaling study (Hoffmann et al., arXiv:2203.15556; for masked diffusion
 * models SMDM, arXiv:2410.18514): among runs of one compute budget the loss is a parabola in ln N,
 * whose lowest point tells the budget's best model size and loss.
 */
public final class IsoFlop {
  private static final int FEWEST_RUNS = 3;

  private IsoFlop() {}

  /**
   * The lowest point of one budget's parabola.
   *
   * @param compute the budget
   * @param parameters N* at the lowest point
   * @param loss L* there, in nats per token
   * @param curvature second-order coefficient of the parabola in ln N, above 0
   */
  public record Optimum(double compute, double parameters, double loss, double curvature) {}

  /**
   * One optimum a budget, in ascending order of the budgets.
   *
   * @param runs three at least of each budget, of different sizes; the computes of one budget must
   *     be the same number
   * @throws IllegalArgumentException if a budget has too few sizes or its losses have no lowest
   *     point between or beyond them
   */
  public static List<Optimum> optima(List<ScalingRun> runs) {
    Map<Double, List<ScalingRun>> budgets =
        runs.stream()
            .collect(Collectors.groupingBy(ScalingRun::compute, TreeMap::new, Collectors.toList()));
    List<Optimum> optima = new ArrayList<>();
    budgets.forEach((compute, same) -> optima.add(optimum(compute, same)));
    return List.copyOf(optima);
  }

  private static Optimum optimum(double compute, List<ScalingRun> runs) {
    long sizes = runs.stream().mapToDouble(ScalingRun::parameters).distinct().count();
    if (sizes < FEWEST_RUNS) {
      throw new IllegalArgumentException(
          "a budget needs runs of three sizes at least, %s has %d".formatted(compute, sizes));
    }
    double[] logSizes = runs.stream().mapToDouble(run -> Math.log(run.parameters())).toArray();
    double[] losses = runs.stream().mapToDouble(ScalingRun::loss).toArray();
    double center = mean(logSizes); // centred, so that the normal equations stay well conditioned
    Parabola fit = Parabola.fit(shifted(logSizes, center), losses);
    if (fit.second() <= 0) {
      throw new IllegalArgumentException(
          "losses of budget %s have no lowest point over ln N".formatted(compute));
    }
    return new Optimum(compute, Math.exp(center + fit.lowestAt()), fit.lowest(), fit.second());
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double[] shifted(double[] values, double by) {
    double[] shifted = values.clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] -= by;
    }
    return shifted;
  }
}
