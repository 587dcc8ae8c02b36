package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Benchmark;
import dev.unmask.benchmarks.Machine;
import dev.unmask.benchmarks.Options;
import dev.unmask.benchmarks.Result;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tracking server under load: a real local stack with a hundred thousand runs, asked over HTTP
 * with a token.
 */
public final class RegistryBenchmark implements Benchmark {
  private static final Logger log = LoggerFactory.getLogger(RegistryBenchmark.class);

  /** Those that read come first: writers leave more to read. */
  private static final List<RegistryCase> ALL =
      List.of(
          new SearchCase(),
          new PageCase(),
          new SeriesCase(),
          new LogMetricCase(),
          new LogBatchCase(),
          new ManyClientsCase(),
          new SameRunCase(),
          new PurgeCase(),
          new ArtifactCase());

  @Override
  public String name() {
    return Row.BENCHMARK;
  }

  @Override
  public String description() {
    return "tracking server: writes, searches, curves, deletes and files over HTTP, with goals";
  }

  @Override
  public Result machine() {
    return Machine.facts(name());
  }

  /**
   * @throws IllegalArgumentException if no case has a name that the options name
   * @throws IllegalStateException if the stack does not start
   */
  @Override
  public void run(Options options, Consumer<Result> results) {
    run(
        chosen(options.only()),
        options.quick() ? RegistryScale.quick() : RegistryScale.complete(),
        Path.of(System.getProperty("unmask.launcher", "unmask")),
        options.work().resolve("registry"),
        results);
  }

  static void run(
      List<RegistryCase> cases,
      RegistryScale scale,
      Path launcher,
      Path folder,
      Consumer<Result> results) {
    try (WorkFolder work = WorkFolder.open(folder)) {
      Path data = new SeededData(launcher, work, scale).copy();
      try (Stack stack = Stack.start(launcher, data)) {
        Session session = Session.of(stack, scale);
        results.accept(session.facts());
        Progress progress = new Progress(cases, System.nanoTime());
        for (RegistryCase each : cases) {
          log.info("{}", progress.next(System.nanoTime()));
          measure(each, session, results);
        }
      }
      FileTree.delete(data);
    }
  }

  /** What one case cannot tell is said in its rows, and the others go on. */
  private static void measure(RegistryCase each, Session session, Consumer<Result> results) {
    Set<Row> open = EnumSet.copyOf(each.rows());
    RegistryScale scale = session.scale();
    try {
      each.measure(
          session,
          (row, result) -> {
            open.remove(row);
            results.accept(result);
          });
    } catch (RouteMissing e) {
      log.warn("{}: {}", each.name(), e.getMessage());
      open.forEach(row -> results.accept(row.missing(scale)));
    } catch (RuntimeException e) {
      if (session.stack().ending()) {
        throw e;
      }
      log.warn("{} failed", each.name(), e);
      open.forEach(row -> results.accept(row.failed(scale, String.valueOf(e.getMessage()))));
    }
  }

  static List<RegistryCase> chosen(List<String> names) {
    for (String name : names) {
      if (ALL.stream().noneMatch(each -> each.name().equals(name))) {
        throw new IllegalArgumentException(
            "--only names %s, but the cases of registry are %s"
                .formatted(
                    name, ALL.stream().map(RegistryCase::name).collect(Collectors.joining(", "))));
      }
    }
    return ALL.stream().filter(each -> names.isEmpty() || names.contains(each.name())).toList();
  }
}
