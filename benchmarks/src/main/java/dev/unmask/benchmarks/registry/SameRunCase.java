package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;
import java.util.List;
import java.util.function.BiConsumer;

/** Twenty clients that log small batches to one and the same run. */
final class SameRunCase implements RegistryCase {
  private static final int METRICS = 10;

  @Override
  public String name() {
    return "same-run";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.SAME_RUN_SERVICE, Row.SAME_RUN_GATEWAY);
  }

  @Override
  public int seconds() {
    return 55;
  }

  @Override
  public void measure(Session session, BiConsumer<Row, Result> results) {
    Load load = Load.twenty(session.scale());
    double inserts = session.postgres().insertsPerSecond(load.clients(), METRICS);
    report(Row.SAME_RUN_SERVICE, session.service(), session, load, inserts, results);
    report(Row.SAME_RUN_GATEWAY, session.gateway(), session, load, inserts, results);
  }

  private void report(
      Row row,
      RegistryClient way,
      Session session,
      Load load,
      double inserts,
      BiConsumer<Row, Result> results) {
    Batches run = new Batches(session.newRun(name()));
    ClientWork work = new ClientWork();
    Load.Outcome outcome = load.run(client -> way.mlflow("runs/log-batch", run.batch(METRICS)));
    results.accept(
        row,
        row.result(session.scale(), outcome.perSecond())
            .with("postgres_insert_rate", inserts)
            .with("client_cores", work.cores())
            .with("p50_milliseconds", outcome.milliseconds().median())
            .with("p99_milliseconds", outcome.milliseconds().percentile(0.99))
            .with("errors", outcome.errors())
            .with("refused", outcome.refused()));
  }
}
