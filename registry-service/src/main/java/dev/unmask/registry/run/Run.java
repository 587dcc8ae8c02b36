package dev.unmask.registry.run;

import dev.unmask.registry.metric.MetricPoint;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A tracked run.
 *
 * @param uid key in the database, never shown
 * @param experiment number of its experiment
 * @param startTime milliseconds since the epoch, as {@code endTime}
 */
public record Run(
    long uid,
    String runId,
    String teamId,
    long experiment,
    String name,
    String userId,
    RunStatus status,
    long startTime,
    @Nullable Long endTime,
    boolean active) {

  /**
   * A run with what was logged to it.
   *
   * @param metrics the latest point of each key, by key
   */
  public record Details(
      Run run,
      SortedMap<String, String> params,
      SortedMap<String, String> tags,
      List<MetricPoint> metrics) {}
}
