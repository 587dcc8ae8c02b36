package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;
import dev.unmask.benchmarks.Samples;
import java.util.List;
import java.util.function.BiConsumer;

/** One client that logs one metric after another. */
final class LogMetricCase implements RegistryCase {
  private static final int MOST = 4_000;
  private static final int WARM_UPS = 12;

  @Override
  public String name() {
    return "log-metric";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.LOG_METRIC_P50, Row.LOG_METRIC_P95);
  }

  @Override
  public int seconds() {
    return 90;
  }

  @Override
  public void measure(Session session, BiConsumer<Row, Result> results) {
    RegistryScale scale = session.scale();
    Batches run = new Batches(session.newRun(name()));
    // The first writes that these processes take, and few a second: compilers need a minute of
    // them.
    Load.Outcome outcome =
        new Load(1, WARM_UPS * scale.warmUpSeconds(), scale.seconds(), MOST)
            .run(client -> session.gateway().mlflow("runs/log-metric", run.metric()));
    Samples insert = session.postgres().inserting(1);
    report(Row.LOG_METRIC_P50, 0.5, scale, outcome, insert, results);
    report(Row.LOG_METRIC_P95, 0.95, scale, outcome, insert, results);
  }

  private static void report(
      Row row,
      double share,
      RegistryScale scale,
      Load.Outcome outcome,
      Samples insert,
      BiConsumer<Row, Result> results) {
    results.accept(
        row,
        row.result(scale, outcome.milliseconds().percentile(share))
            .with("postgres_insert_milliseconds", insert.percentile(share))
            .with("errors", outcome.errors())
            .with(outcome.milliseconds()));
  }
}
