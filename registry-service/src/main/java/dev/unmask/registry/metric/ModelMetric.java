package dev.unmask.registry.metric;

/**
 * A point that a run logged of a model.
 *
 * @param modelId id of the logged model
 * @param runId the run that logged it
 * @param datasetName data set it was measured on; empty where none is named, as {@code
 *     datasetDigest}
 */
public record ModelMetric(
    MetricPoint point, String modelId, String runId, String datasetName, String datasetDigest) {}
