package dev.unmask.benchmarks.registry;

import dev.unmask.benchmarks.Result;

/** The lines that are printed, each with its goal. */
enum Row {
  LOG_METRIC_P50("log-metric, 1 client, p50", "ms", Good.AT_MOST, 4),
  LOG_METRIC_P95("log-metric, 1 client, p95", "ms", Good.AT_MOST, 10),
  LOG_BATCH("log-batch of 1,000 metrics, 1 client, p50", "ms", Good.AT_MOST, 40),
  CLIENTS_RATE("20 clients, batches of 1,000", "metrics/s", Good.AT_LEAST, 40_000),
  CLIENTS_ERRORS("20 clients, batches of 1,000, errors", "requests", Good.AT_MOST, 0),
  CLIENTS_P99("20 clients, batches of 1,000, p99", "ms", Good.AT_MOST, 1_500),
  SAME_RUN_SERVICE(
      "20 clients, batches of 10, same run, at the service", "requests/s", Good.AT_LEAST, 1_000),
  SAME_RUN_GATEWAY(
      "20 clients, batches of 10, same run, through the gateway", "requests/s", Good.AT_LEAST, 500),
  SEARCH_FIRST("search, first 100 rows, p95", "ms", Good.AT_MOST, 30),
  SEARCH_METRIC("search, filter and order by a metric, 100 rows, p95", "ms", Good.AT_MOST, 60),
  SEARCH_TWO_METRICS(
      "search, filter by a metric and order by another, 100 rows, p95", "ms", Good.AT_MOST, 60),
  SEARCH_ROWS("search, 1,000 rows with all their data, p50", "ms", Good.AT_MOST, 250),
  SEARCH_PAGE("search, page at 90 % over the first page", "ratio", Good.AT_MOST, 1.5),
  SERIES_FIRST("series, 1,000,000 points to 320..2,000, first time, p50", "ms", Good.AT_MOST, 150),
  SERIES_AGAIN("series, 1,000,000 points to 320..2,000, again, p50", "ms", Good.AT_MOST, 30),
  COMPARISON("series, 100 runs of 10,000 points compared, p50", "ms", Good.AT_MOST, 500),
  PURGE_TIME("hard delete of 15,000 runs", "s", Good.AT_MOST, 60),
  PURGE_WRITERS("hard delete of 15,000 runs, writers' p95 over before", "ratio", Good.AT_MOST, 2),
  ARTIFACT_PUT("PUT of a 1 GB artifact, heap growth", "MB", Good.AT_MOST, 64),
  ARTIFACT_GET("GET of a 1 GB artifact, heap growth", "MB", Good.AT_MOST, 64);

  static final String BENCHMARK = "registry";

  private enum Good {
    AT_MOST,
    AT_LEAST
  }

  private final String text;
  private final String unit;
  private final Good good;
  private final double goal;

  Row(String text, String unit, Good good, double goal) {
    this.text = text;
    this.unit = unit;
    this.good = good;
    this.goal = goal;
  }

  /** The line of a value; its goal counts at full scale alone. */
  Result result(RegistryScale scale, double value) {
    Result plain = Result.of(BENCHMARK, text, value, unit);
    if (!scale.full()) {
      return plain.with("scale", scale.name());
    }
    return switch (good) {
      case AT_MOST -> plain.withLimit(goal);
      case AT_LEAST -> plain.withGoal(goal);
    };
  }

  /** The line of what could not be measured: no value, goal not met, and why. */
  Result failed(RegistryScale scale, String why) {
    return result(scale, Double.NaN).with("failed", why);
  }

  /** The line of what needs a route that this registry does not have. */
  Result missing(RegistryScale scale) {
    return result(scale, Double.NaN).with("missing", "route");
  }
}
