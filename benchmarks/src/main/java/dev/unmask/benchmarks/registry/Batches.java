package dev.unmask.benchmarks.registry;

import java.util.concurrent.atomic.AtomicLong;

/** Bodies of log-metric and log-batch for one run: ten keys, every step once. Thread-safe. */
final class Batches {
  static final int KEYS = 10;
  private static final long BEGIN = 1_700_000_000_000L;
  private static final int METRIC_LENGTH = 80;

  private final String runId;
  private final AtomicLong steps = new AtomicLong();

  Batches(String runId) {
    this.runId = runId;
  }

  /** A body of log-metric. */
  String metric() {
    long step = steps.getAndIncrement();
    return "{\"run_id\":\"" + runId + "\"," + fields(0, step) + "}";
  }

  /**
   * A body of log-batch.
   *
   * @param metrics a multiple of ten
   */
  String batch(int metrics) {
    int rows = metrics / KEYS;
    long first = steps.getAndAdd(rows);
    StringBuilder json = new StringBuilder(METRIC_LENGTH * metrics + METRIC_LENGTH);
    json.append("{\"run_id\":\"").append(runId).append("\",\"metrics\":[");
    for (long step = first; step < first + rows; step++) {
      for (int key = 0; key < KEYS; key++) {
        json.append(step == first && key == 0 ? "{" : ",{").append(fields(key, step)).append('}');
      }
    }
    return json.append("]}").toString();
  }

  private static String fields(int key, long step) {
    return "\"key\":\"m"
        + key
        + "\",\"value\":"
        + Math.rint(1e6 * value(key, step)) / 1e6
        + ",\"timestamp\":"
        + (BEGIN + step)
        + ",\"step\":"
        + step;
  }

  /** Falls like a loss, with some noise. */
  private static double value(int key, long step) {
    return 2.0 / (1 + step / 1000.0) + (step * 7_919 + key * 104_729L) % 1_000 / 1e4;
  }
}
