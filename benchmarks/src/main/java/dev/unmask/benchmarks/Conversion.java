package dev.unmask.benchmarks;

import dev.unmask.benchmarks.LearningCurve.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One recipe beside training from scratch.
 *
 * @param converted curves of the converted model, one a budget, each with a schedule of its own
 * @param scratchSteps optimizer steps of the model that was trained from scratch
 */
record Conversion(List<List<Point>> converted, int scratchSteps) {

  /**
   * The fewest optimizer steps after which a converted model is at least as good; empty if none is.
   *
   * @param bound nats per token
   */
  Optional<Point> reaching(double bound) {
    return converted.stream()
        .flatMap(List::stream)
        .filter(point -> point.nats() <= bound)
        .min(Comparator.comparingInt(Point::steps));
  }

  /** Those steps over the steps from scratch; 1 where the bound was not reached by any budget. */
  double shareReaching(double bound) {
    return reaching(bound).map(point -> (double) point.steps() / scratchSteps).orElse(1.0);
  }

  /** The best value of any budget, in nats per token. */
  double best() {
    return converted.stream().flatMap(List::stream).mapToDouble(Point::nats).min().orElseThrow();
  }
}
