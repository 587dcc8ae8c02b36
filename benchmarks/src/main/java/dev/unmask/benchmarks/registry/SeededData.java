package dev.unmask.benchmarks.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stack's data folder with the seeded rows. One is kept by schema and size and never used itself:
 * every call of the benchmark works on a copy, so that none finds what another left.
 */
final class SeededData {
  static final String RUNS = "benchmark runs";
  static final String LONG = "benchmark long series";
  static final String COMPARED = "benchmark compared series";

  private static final Logger log = LoggerFactory.getLogger(SeededData.class);
  private static final Duration SUMMARY_LIMIT = Duration.ofMinutes(10);

  private final Path launcher;
  private final WorkFolder work;
  private final RegistryScale scale;

  /**
   * @param launcher the built command {@code unmask}
   */
  SeededData(Path launcher, WorkFolder work, RegistryScale scale) {
    this.launcher = launcher;
    this.work = work;
    this.scale = scale;
  }

  /** A copy for one call; the rows are made first where they aren't kept yet. */
  Path copy() {
    String size = scale.size();
    String key = size + "-" + Seed.VERSION + "-" + SchemaDigest.of(libraries());
    Path seed = work.seed(key);
    if (!Files.isDirectory(seed)) {
      make(seed);
      work.forgetAllBut(key, size);
    }
    Path copy = work.fresh("run");
    FileTree.copy(seed, copy);
    return copy;
  }

  private Path libraries() {
    return launcher
        .toAbsolutePath()
        .normalize()
        .resolveSibling("local-stack")
        .resolve("target")
        .resolve("lib");
  }

  private void make(Path seed) {
    log.info(
        "seeding {} runs and {} points of long series, once for this schema",
        scale.runs(),
        scale.longPoints() + (long) scale.comparedRuns() * scale.comparedPoints());
    Path draft = work.fresh("draft");
    try (Stack stack = Stack.start(launcher, draft)) {
      fill(stack.gateway(), stack.database());
    }
    try {
      Files.move(draft, seed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void fill(RegistryClient client, Database database) {
    long start = System.nanoTime();
    Seed rows = new Seed(database);
    rows.longSeries(Experiment.named(LONG, client, database), LONG, 1, scale.longPoints());
    rows.longSeries(
        Experiment.named(COMPARED, client, database),
        COMPARED,
        scale.comparedRuns(),
        scale.comparedPoints());
    rows.runs(Experiment.named(RUNS, client, database), RUNS, scale.runs());
    awaitSummaries(database);
    rows.settle();
    log.info("seeded after {} s", (System.nanoTime() - start) / 1_000_000_000);
  }

  /** The registry summarises series behind their writers; what is measured is its usual state. */
  private static void awaitSummaries(Database database) {
    if (database.hasColumn("metric_series", "dirty_from_step")
        && !Waiting.until(
            SUMMARY_LIMIT,
            () ->
                database.number(
                        "SELECT count(*) FROM metric_series WHERE dirty_from_step IS NOT NULL")
                    == 0)) {
      log.warn("not all series were summarised after {}", SUMMARY_LIMIT);
    }
  }
}
