package dev.unmask.registry.mlflow;

import dev.unmask.registry.metric.MetricPoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a log-batch call.
 *
 * @param fields all of it, without the metrics where these were read
 * @param metrics read as they were parsed, without a tree of a thousand objects; null where they
 *     are to be read from the fields, which then tells what is wrong with them
 */
record BatchRequest(MlflowRequest fields, @Nullable List<MetricPoint> metrics) {}
