package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;
import dev.unmask.benchmarks.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;

/** One client that asks for the curve of one long series, and for those of many runs at once. */
final class SeriesCase implements RegistryCase {
  private static final int[] POINTS = {320, 500, 640, 800, 1_000, 1_280, 1_500, 1_920, 2_000};
  private static final int COMPARED = 500;
  private static final int WARM_UP = 30;
  private static final int PLANS = 3;

  @Override
  public String name() {
    return "series";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.SERIES_FIRST, Row.SERIES_AGAIN, Row.COMPARISON);
  }

  @Override
  public int seconds() {
    return 60;
  }

  @Override
  public void measure(Session session, BiConsumer<Row, Result> results) {
    List<String> compared =
        LongStream.rangeClosed(1, session.scale().comparedRuns())
            .mapToObj(number -> Seed.runId(SeededData.COMPARED, number))
            .toList();
    // Compilers know the code afterwards, caches nothing of the long series.
    for (int i = 0; i < WARM_UP; i++) {
      read(session, List.of(compared.get(i % compared.size())), POINTS[i % POINTS.length]);
    }
    measureLong(session, results);
    measureComparison(session, compared, results);
  }

  private static void measureLong(Session session, BiConsumer<Row, Result> results) {
    RegistryScale scale = session.scale();
    List<String> run = List.of(Seed.runId(SeededData.LONG, 1));
    List<Double> first = new ArrayList<>();
    for (int points : POINTS) {
      long start = System.nanoTime();
      Reply reply = read(session, run, points);
      first.add((System.nanoTime() - start) / 1e6);
      check(session, SeededData.LONG, reply, 1, scale.longPoints(), points);
    }
    AtomicInteger number = new AtomicInteger();
    Load.Outcome again =
        Load.one(scale)
            .run(client -> read(session, run, POINTS[number.getAndIncrement() % POINTS.length]));
    double raw = session.database().executing(rawBuckets(SeededData.LONG), PLANS).median();
    Samples firsts = Samples.of(first);
    results.accept(
        Row.SERIES_FIRST,
        Row.SERIES_FIRST
            .result(scale, firsts.median())
            .with("points", scale.longPoints())
            .with("postgres_all_points_milliseconds", raw)
            .with(firsts));
    results.accept(
        Row.SERIES_AGAIN,
        Row.SERIES_AGAIN
            .result(scale, again.milliseconds().median())
            .with("points", scale.longPoints())
            .with("p95_milliseconds", again.milliseconds().percentile(0.95))
            .with("postgres_all_points_milliseconds", raw)
            .with("errors", again.errors())
            .with(again.milliseconds()));
  }

  private static void measureComparison(
      Session session, List<String> runs, BiConsumer<Row, Result> results) {
    RegistryScale scale = session.scale();
    long start = System.nanoTime();
    Reply reply = read(session, runs, COMPARED);
    double first = (System.nanoTime() - start) / 1e6;
    check(
        session,
        SeededData.COMPARED,
        reply,
        runs.size(),
        (long) scale.comparedRuns() * scale.comparedPoints(),
        runs.size() * COMPARED);
    Load.Outcome outcome = Load.one(scale).run(client -> read(session, runs, COMPARED));
    results.accept(
        Row.COMPARISON,
        Row.COMPARISON
            .result(scale, outcome.milliseconds().median())
            .with("runs", runs.size())
            .with("points", scale.comparedPoints())
            .with("points_shown", COMPARED)
            .with("first_milliseconds", first)
            .with("p95_milliseconds", outcome.milliseconds().percentile(0.95))
            .with(
                "postgres_all_points_milliseconds",
                session.database().executing(rawBuckets(SeededData.COMPARED), PLANS).median())
            .with("errors", outcome.errors())
            .with(outcome.milliseconds()));
  }

  private static Reply read(Session session, List<String> runs, int points) {
    return Curves.read(session.gateway(), runs, points);
  }

  /** A curve counts only if nothing is left out of it and its extremes are those of its points. */
  private static void check(
      Session session, String group, Reply reply, int curves, long points, int most) {
    Curves.Summary summary = Curves.summary(reply);
    String bounds =
        session
            .database()
            .text("SELECT min(p.value) || ' ' || max(p.value) FROM " + pointsOf(group));
    String found = summary.min() + " " + summary.max();
    boolean sameBounds = doubles(bounds).equals(doubles(found));
    if (summary.curves() != curves
        || summary.count() != points
        || summary.places() > most
        || !sameBounds) {
      throw new IllegalStateException(
          "asked for %d points of %d in %d curves with values in %s, was answered %s"
              .formatted(most, points, curves, bounds, summary));
    }
  }

  private static List<Double> doubles(String texts) {
    return List.of(texts.split(" ", -1)).stream().map(Double::valueOf).toList();
  }

  /** SQL: the same down-sampling from every point. */
  private static String rawBuckets(String group) {
    return "SELECT p.series_id, p.step / 1000, count(*), min(p.value), max(p.value), min(p.step),"
        + " max(p.step) FROM "
        + pointsOf(group)
        + " GROUP BY 1, 2";
  }

  private static String pointsOf(String group) {
    return "metric_points p JOIN metric_series s ON s.id = p.series_id"
        + " JOIN runs r ON r.uid = s.run_uid JOIN experiments e ON e.team_id = r.team_id"
        + " AND e.number = r.experiment_number WHERE e.name = '"
        + group
        + "'";
  }
}
