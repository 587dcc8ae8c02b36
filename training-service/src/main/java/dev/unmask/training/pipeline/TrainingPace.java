package dev.unmask.training.pipeline;

import java.util.List;

/** Speed of training and the time that is left, from the steps of this execution. */
final class TrainingPace {
  /** Weight of the newest step in the moving averages. */
  private static final double NEWEST = 0.1;

  private final List<Integer> phaseSteps;
  private final double[] millis;
  private double tokensPerSecond;

  TrainingPace(List<Integer> phaseSteps) {
    this.phaseSteps = phaseSteps;
    this.millis = new double[phaseSteps.size()];
  }

  void add(TrainingSession.Outcome outcome) {
    double spent = Math.max(outcome.milliseconds(), 0.001);
    millis[outcome.phase()] = moved(millis[outcome.phase()], spent);
    tokensPerSecond = moved(tokensPerSecond, outcome.tokens() * 1000 / spent);
  }

  private static double moved(double average, double value) {
    return average == 0 ? value : average + NEWEST * (value - average);
  }

  long total() {
    return phaseSteps.stream().mapToLong(Integer::longValue).sum();
  }

  double tokensPerSecond() {
    return tokensPerSecond;
  }

  /** Phases that have not begun are taken to be as fast as the current one. */
  double secondsLeft(TrainingSession.Outcome last) {
    double left = 0;
    long end = 0;
    for (int phase = 0; phase < phaseSteps.size(); phase++) {
      long begin = end;
      end += phaseSteps.get(phase);
      double each = millis[phase] == 0 ? millis[last.phase()] : millis[phase];
      left += Math.max(0, end - Math.max(begin, last.step())) * each;
    }
    return left / 1000;
  }
}
