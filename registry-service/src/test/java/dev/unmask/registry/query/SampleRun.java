package dev.unmask.registry.query;

import java.util.Map;

/**
 * A run as searches see it; what was not logged or set is absent.
 *
 * @param texts attributes that are text, {@code run_id} for instance
 * @param times attributes that are milliseconds since the epoch
 * @param metrics the latest values
 */
record SampleRun(
    Map<String, String> texts,
    Map<String, Long> times,
    Map<String, Double> metrics,
    Map<String, String> params,
    Map<String, String> tags) {

  String id() {
    return texts.getOrDefault("run_id", "");
  }
}
