package dev.unmask.registry.run;

import dev.unmask.registry.metric.MetricPoint;
import java.util.List;
import java.util.SortedMap;

/** What is logged to a run at once: all of it is stored, or nothing. */
public record Batch(
    List<MetricPoint> metrics, SortedMap<String, String> params, SortedMap<String, String> tags) {}
