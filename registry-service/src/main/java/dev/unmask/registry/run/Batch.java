package dev.unmask.registry.run;

import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.metric.ModelMetric;
import java.util.List;
import java.util.SortedMap;

/**
 * What is logged to a run at once: all of it is stored, or nothing.
 *
 * @param modelMetrics those of the metrics that name a logged model
 */
public record Batch(
    List<MetricPoint> metrics,
    SortedMap<String, String> params,
    SortedMap<String, String> tags,
    List<ModelMetric> modelMetrics) {

  public Batch(
      List<MetricPoint> metrics, SortedMap<String, String> params, SortedMap<String, String> tags) {
    this(metrics, params, tags, List.of());
  }
}
