package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;
import dev.unmask.benchmarks.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** A page near the end of a long result, reached by its token, against the first page. */
final class PageCase implements RegistryCase {
  private static final double SHARE = 0.9;
  private static final int LONGEST = 1_000;
  private static final int PAGES = 100;
  private static final int MOST = 100;
  private static final int PLANS = 5;
  private static final int WARM_UP = 5;

  @Override
  public String name() {
    return "page";
  }

  @Override
  public List<Row> rows() {
    return List.of(Row.SEARCH_PAGE);
  }

  @Override
  public int seconds() {
    return 60;
  }

  @Override
  public void measure(Session session, BiConsumer<Row, Result> results) {
    RegistryScale scale = session.scale();
    Experiment experiment = session.experiment(SeededData.RUNS);
    int size = Math.max(1, Math.min(LONGEST, scale.runs() / PAGES));
    int pages = (int) (SHARE * scale.runs() / size);
    RunQuery first = RunQuery.newest(experiment, Math.min(MOST, scale.runs() / 10));
    RunQuery late = first.at(tokenAfter(RunQuery.newest(experiment, size), pages, session));
    long newest = scale.runs() - (long) pages * size;
    String expected = Seed.runId(SeededData.RUNS, newest);
    String found = late.page(session.gateway()).runIds().getFirst();
    if (!expected.equals(found)) {
      throw new IllegalStateException(
          "the page at " + SHARE + " begins with run " + found + " instead of " + expected);
    }

    Pair times = inTurns(first, late, session);
    SearchPlans plans = new SearchPlans(session.database(), experiment, PLANS);
    results.accept(
        Row.SEARCH_PAGE,
        Row.SEARCH_PAGE
            .result(scale, times.late().median() / times.first().median())
            .with("runs", scale.runs())
            .with("rows", first.most())
            .with("first_milliseconds", times.first().median())
            .with("late_milliseconds", times.late().median())
            .with(
                "postgres_ratio",
                plans.newestBefore(newest + 1, first.most())
                    / plans.newestBefore(scale.runs() + 1L, first.most()))
            .with("repeats", times.first().count()));
  }

  private static String tokenAfter(RunQuery query, int pages, Session session) {
    RunQuery next = query;
    for (int page = 0; page < pages; page++) {
      String token = next.page(session.gateway()).next();
      if (token == null) {
        throw new IllegalStateException("the result ends after " + (page + 1) + " pages");
      }
      next = query.at(token);
    }
    return String.valueOf(next.page());
  }

  private record Pair(Samples first, Samples late) {}

  /** One of each at a time: what else the machine does meets both. */
  private static Pair inTurns(RunQuery first, RunQuery late, Session session) {
    RegistryScale scale = session.scale();
    List<Double> firsts = new ArrayList<>();
    List<Double> lates = new ArrayList<>();
    long end = System.nanoTime() + (long) (2 * scale.seconds() * 1e9);
    for (int i = -WARM_UP; i < scale.samples() && (i <= 0 || System.nanoTime() < end); i++) {
      double one = milliseconds(first, session);
      double other = milliseconds(late, session);
      if (i >= 0) {
        firsts.add(one);
        lates.add(other);
      }
    }
    return new Pair(Samples.of(firsts), Samples.of(lates));
  }

  private static double milliseconds(RunQuery query, Session session) {
    long start = System.nanoTime();
    Reply reply = query.send(session.gateway());
    double milliseconds = (System.nanoTime() - start) / 1e6;
    if (!reply.ok()) {
      throw new IllegalStateException(reply.problem());
    }
    return milliseconds;
  }
}
