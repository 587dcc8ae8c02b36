package dev.unmask.benchmarks.registry;

/**
 * How much is seeded and for how long each thing is measured.
 *
 * @param full whether the goals are meant for it
 * @param runs that searches go through, 10 metrics, 10 params and 5 tags each
 * @param longPoints points of the one long series
 * @param comparedRuns runs with one series of {@code comparedPoints} each
 * @param purgedRuns runs that are deleted for good, like those of searches
 * @param artifactBytes size of the artifact
 * @param seconds how long one thing is measured, at most
 * @param samples how often one client repeats a request, at most
 */
record RegistryScale(
    String name,
    boolean full,
    int runs,
    int longPoints,
    int comparedRuns,
    int comparedPoints,
    int purgedRuns,
    long artifactBytes,
    double seconds,
    int samples) {

  /** The scale of the goals. */
  static RegistryScale complete() {
    return new RegistryScale(
        "full", true, 100_000, 1_000_000, 100, 10_000, 15_000, 1L << 30, 15, 400);
  }

  /** Shows that it runs, not how fast. */
  static RegistryScale quick() {
    return new RegistryScale("quick", false, 2_000, 20_000, 20, 1_000, 300, 32L << 20, 2, 50);
  }

  /** Seconds of load that do not count: compilers and caches have to settle. */
  double warmUpSeconds() {
    return seconds / 3;
  }

  /** Tells seeded data apart. */
  String size() {
    return "%d-%d-%dx%d".formatted(runs, longPoints, comparedRuns, comparedPoints);
  }
}
