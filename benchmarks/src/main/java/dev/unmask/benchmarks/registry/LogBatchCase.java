package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;
import java.util.List;
import java.util.function.BiConsumer;

/** One client that logs batches as large as they may be. */
final class LogBatchCase implements RegistryCase {
  static final int METRICS = 1_000;

  @Override
  public String name() {
    return "log-batch";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.LOG_BATCH);
  }

  @Override
  public int seconds() {
    return 35;
  }

  @Override
  public void measure(Session session, BiConsumer<Row, Result> results) {
    Batches run = new Batches(session.newRun(name()));
    Load.Outcome outcome =
        Load.one(session.scale())
            .run(client -> session.gateway().mlflow("runs/log-batch", run.batch(METRICS)));
    results.accept(
        Row.LOG_BATCH,
        Row.LOG_BATCH
            .result(session.scale(), outcome.milliseconds().median())
            .with("p95_milliseconds", outcome.milliseconds().percentile(0.95))
            .with("postgres_copy_milliseconds", session.postgres().copying(METRICS).median())
            .with("postgres_insert_milliseconds", session.postgres().inserting(METRICS).median())
            .with("errors", outcome.errors())
            .with(outcome.milliseconds()));
  }
}
