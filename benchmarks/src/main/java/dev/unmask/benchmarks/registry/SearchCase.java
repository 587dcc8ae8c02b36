package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/** One client that searches all seeded runs. */
final class SearchCase implements RegistryCase {
  private static final int PAGE = 100;
  private static final int LARGE_PAGE = 1_000;
  private static final int PLANS = 5;
  private static final int THRESHOLDS = 45;
  private static final double LOWEST = 0.5;

  @Override
  public String name() {
    return "search";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.SEARCH_FIRST, Row.SEARCH_METRIC, Row.SEARCH_TWO_METRICS, Row.SEARCH_ROWS);
  }

  @Override
  public int seconds() {
    return 90;
  }

  @Override
  public void measure(Session session, BiConsumer<Row, Result> results) {
    Experiment experiment = session.experiment(SeededData.RUNS);
    SearchPlans plans = new SearchPlans(session.database(), experiment, PLANS);
    RunQuery newest = RunQuery.newest(experiment, PAGE);
    RunQuery large = newest.most(Math.min(LARGE_PAGE, session.scale().runs()));
    warmUp(session, List.of(newest, newest.matching("metrics.m0 > 0.5", "metrics.m0 DESC"), large));

    report(Row.SEARCH_FIRST, 0.95, session, number -> newest, plans.newest(PAGE), results);
    double byMetric = plans.byMetric(LOWEST, PAGE);
    report(
        Row.SEARCH_METRIC,
        0.95,
        session,
        number -> newest.matching("metrics.m0 > " + threshold(number), "metrics.m0 DESC"),
        byMetric,
        results);
    report(
        Row.SEARCH_TWO_METRICS,
        0.95,
        session,
        number -> newest.matching("metrics.m1 > " + threshold(number), "metrics.m0 DESC"),
        byMetric,
        results);
    report(Row.SEARCH_ROWS, 0.5, session, number -> large, plans.newest(large.most()), results);
  }

  /** The services have just been started: what is measured is one that has been up for a while. */
  private static void warmUp(Session session, List<RunQuery> queries) {
    RegistryScale scale = session.scale();
    AtomicInteger number = new AtomicInteger();
    new Load(1, 0, scale.seconds(), Integer.MAX_VALUE)
        .run(
            client ->
                queries.get(number.getAndIncrement() % queries.size()).send(session.gateway()));
  }

  /** Others from request to request, so that no cache of answers would help. */
  private static double threshold(int number) {
    return LOWEST + 0.01 * (number % THRESHOLDS);
  }

  private static void report(
      Row row,
      double share,
      Session session,
      IntFunction<RunQuery> queries,
      double postgres,
      BiConsumer<Row, Result> results) {
    RunQuery first = queries.apply(0);
    int found = first.page(session.gateway()).runIds().size();
    if (found != first.most()) {
      throw new IllegalStateException(
          "a search found " + found + " runs instead of " + first.most() + ": " + first.json());
    }
    AtomicInteger number = new AtomicInteger();
    Load.Outcome outcome =
        Load.one(session.scale())
            .run(client -> queries.apply(number.getAndIncrement()).send(session.gateway()));
    results.accept(
        row,
        row.result(session.scale(), outcome.milliseconds().percentile(share))
            .with("runs", session.scale().runs())
            .with("rows", found)
            .with("p50_milliseconds", outcome.milliseconds().median())
            .with("p95_milliseconds", outcome.milliseconds().percentile(0.95))
            .with("postgres_execution_milliseconds", postgres)
            .with("errors", outcome.errors())
            .with(outcome.milliseconds()));
  }
}
