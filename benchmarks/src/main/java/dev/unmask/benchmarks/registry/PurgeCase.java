package dev.unmask.benchmarks.registry;

import com.google.gson.JsonObject;
import dev.unmask.benchmarks.Result;
import dev.unmask.benchmarks.Samples;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/** Runs are deleted for good in the background while others write. */
final class PurgeCase implements RegistryCase {
  private static final String ROUTE = "/api/v1/registry/runs/purge";
  private static final String STATE = "/api/v1/registry/purges/";
  private static final String PURGED = "benchmark purged runs";
  private static final String DELETED = "benchmark runs deleted by SQL";
  private static final int NOT_FOUND = 404;

  /** Where the path means one run's state, and only that can be read. */
  private static final int METHOD_NOT_ALLOWED = 405;

  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "purge";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.PURGE_TIME, Row.PURGE_WRITERS);
  }

  @Override
  public int seconds() {
    return 120;
  }

  @Override
  public void measure(Session session, BiConsumer<Row, Result> results) {
    RegistryScale scale = session.scale();
    Seed seed = new Seed(session.database());
    Experiment purged = session.experiment(PURGED);
    Experiment deleted = session.experiment(DELETED);
    seed.runs(purged, PURGED, scale.purgedRuns());
    seed.runs(deleted, DELETED, scale.purgedRuns());
    seed.settle();
    double postgres = deleteBySql(session.database(), deleted);

    try (PacedWriters writers = new PacedWriters(session)) {
      Waiting.pause(scale.warmUpSeconds());
      writers.take();
      Waiting.pause(scale.seconds());
      Samples before = writers.take();
      double seconds = purge(session, purged);
      Samples during = writers.take();
      results.accept(
          Row.PURGE_TIME,
          Row.PURGE_TIME
              .result(scale, seconds)
              .with("runs", scale.purgedRuns())
              .with("postgres_delete_seconds", postgres));
      results.accept(
          Row.PURGE_WRITERS,
          Row.PURGE_WRITERS
              .result(scale, during.percentile(0.95) / before.percentile(0.95))
              .with("runs", scale.purgedRuns())
              .with("p95_before_milliseconds", before.percentile(0.95))
              .with("p95_during_milliseconds", during.percentile(0.95))
              .with("longest_during_milliseconds", during.highest())
              .with("batches_during", during.count())
              .with("errors", writers.errors()));
    }
  }

  /** Seconds until the registry says that all are gone, which is looked after. */
  private static double purge(Session session, Experiment experiment) {
    long start = System.nanoTime();
    Reply accepted = session.gateway().post(ROUTE, request(experiment));
    if (accepted.status() == NOT_FOUND || accepted.status() == METHOD_NOT_ALLOWED) {
      throw new RouteMissing(ROUTE);
    }
    String id = accepted.json().get("id").getAsString();
    if (!Waiting.until(LIMIT, () -> done(session.gateway().get(STATE + id).json()))) {
      throw new IllegalStateException("the purge was not done after " + LIMIT);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long left =
        session.database().number("SELECT count(*) FROM runs r WHERE " + experiment.holds());
    if (left > 0) {
      throw new IllegalStateException("the purge is done and " + left + " runs are still there");
    }
    return seconds;
  }

  private static String request(Experiment experiment) {
    return "{\"experiments\":[" + experiment.id() + "]}";
  }

  private static boolean done(JsonObject purge) {
    return purge.get("state").getAsString().equals("done");
  }

  /** Seconds that PostgreSQL takes for as many other runs, with nobody else at work. */
  private static double deleteBySql(Database database, Experiment experiment) {
    String runs = "IN (SELECT r.uid FROM runs r WHERE " + experiment.holds() + ")";
    String series = "IN (SELECT s.id FROM metric_series s WHERE s.run_uid " + runs + ")";
    long start = System.nanoTime();
    database.update("DELETE FROM metric_points WHERE series_id " + series);
    database.update("DELETE FROM metric_series WHERE run_uid " + runs);
    database.update("DELETE FROM run_params WHERE run_uid " + runs);
    database.update("DELETE FROM run_tags WHERE run_uid " + runs);
    database.update("DELETE FROM runs r WHERE " + experiment.holds());
    return (System.nanoTime() - start) / 1e9;
  }
}
