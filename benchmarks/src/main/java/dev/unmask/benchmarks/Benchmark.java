package dev.unmask.benchmarks;

import java.util.function.Consumer;

/** What one name of {@code benchmarks/run} measures. */
public interface Benchmark {

  String name();

  /** One line for the help. */
  String description();

  /** What the figures are measured on: the first line. */
  default Result machine() {
    return Machine.withPyTorch(name());
  }

  /**
   * @param results takes each value as soon as it is measured
   */
  void run(Options options, Consumer<Result> results);
}
