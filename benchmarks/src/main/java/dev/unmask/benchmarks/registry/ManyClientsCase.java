package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Twenty clients with a run each that log batches as large as they may be. */
final class ManyClientsCase implements RegistryCase {

  @Override
  public String name() {
    return "clients";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.CLIENTS_RATE, Row.CLIENTS_ERRORS, Row.CLIENTS_P99);
  }

  @Override
  public int seconds() {
    return 35;
  }

  @Override
  public void measure(Session session, BiConsumer<Row, Result> results) {
    RegistryScale scale = session.scale();
    Load load = Load.twenty(scale);
    List<Batches> runs =
        IntStream.range(0, load.clients())
            .mapToObj(client -> new Batches(session.newRun(name() + " " + client)))
            .toList();
    ClientWork work = new ClientWork();
    Load.Outcome outcome =
        load.run(
            client ->
                session
                    .gateway()
                    .mlflow("runs/log-batch", runs.get(client).batch(LogBatchCase.METRICS)));
    double cores = work.cores();
    double copies = session.postgres().copiesPerSecond(load.clients(), LogBatchCase.METRICS);
    results.accept(
        Row.CLIENTS_RATE,
        Row.CLIENTS_RATE
            .result(scale, LogBatchCase.METRICS * outcome.perSecond())
            .with("postgres_copy_rate", LogBatchCase.METRICS * copies)
            .with("client_cores", cores)
            .with("errors", outcome.errors()));
    results.accept(
        Row.CLIENTS_ERRORS,
        Row.CLIENTS_ERRORS
            .result(scale, outcome.errors())
            .with("refused", outcome.refused())
            .with("requests", outcome.milliseconds().count() + outcome.errors()));
    results.accept(
        Row.CLIENTS_P99,
        Row.CLIENTS_P99
            .result(scale, outcome.milliseconds().percentile(0.99))
            .with("p50_milliseconds", outcome.milliseconds().median())
            .with(outcome.milliseconds()));
  }
}
