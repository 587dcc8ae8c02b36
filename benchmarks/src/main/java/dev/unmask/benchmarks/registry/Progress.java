package dev.unmask.benchmarks.registry;

import java.util.List;

/** How far a benchmark has come, and how long the rest will take at the pace so far. */
final class Progress {
  private final List<RegistryCase> cases;
  private final long start;
  private int done;

  /**
   * @param start as {@link System#nanoTime} told it
   */
  Progress(List<RegistryCase> cases, long start) {
    this.cases = List.copyOf(cases);
    this.start = start;
  }

  /** Says that the next case begins. */
  String next(long now) {
    RegistryCase each = cases.get(done);
    String text = "%d of %d: %s".formatted(done + 1, cases.size(), each.name());
    double planned = seconds(0, done);
    if (done > 0) {
      double minutes = (now - start) / 60e9 / planned * seconds(done, cases.size());
      text += "; about %.0f minutes left".formatted(Math.ceil(minutes));
    }
    done++;
    return text;
  }

  private double seconds(int from, int to) {
    return cases.subList(from, to).stream().mapToInt(RegistryCase::seconds).sum();
  }
}
