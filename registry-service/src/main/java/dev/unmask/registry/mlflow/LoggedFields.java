package dev.unmask.registry.mlflow;

import dev.unmask.registry.dataset.Dataset;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.metric.ModelMetric;
import dev.unmask.registry.run.Batch;
import dev.unmask.registry.tag.TagRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what is logged to runs; every fault names its field. */
final class LoggedFields {
  static final int METRICS = 1_000;
  private static final int PARAMS = 100;
  private static final int TAGS = 100;
  private static final int ALL = 1_000;

  private LoggedFields() {}

  static MetricPoint metric(MlflowRequest fields) {
    String key = TagRules.key("key", fields.required("key"));
    double value = fields.requiredDouble("value");
    long timestamp = fields.requiredInt64("timestamp");
    if (timestamp < 0) {
      throw MlflowRequest.fault(
          "Invalid value "
              + timestamp
              + " for parameter 'timestamp' supplied: it must be at least 0");
    }
    return new MetricPoint(key, value, timestamp, fields.int64("step", 0));
  }

  static SortedMap<String, String> entry(MlflowRequest fields) {
    return new TreeMap<>(Map.of(fields.required("key"), fields.text("value", "")));
  }

  /** Those of the metrics that name a logged model. */
  static List<ModelMetric> modelMetrics(String runId, List<MlflowRequest> metrics) {
    List<ModelMetric> ofModels = new ArrayList<>();
    for (MlflowRequest fields : metrics) {
      String modelId = fields.text("model_id", "");
      if (!modelId.isEmpty()) {
        String name = fields.text("dataset_name", "");
        String digest = fields.text("dataset_digest", "");
        ofModels.add(
            new ModelMetric(
                metric(fields),
                modelId,
                runId,
                Dataset.checkName("dataset_name", name),
                Dataset.checkDigest("dataset_digest", digest)));
      }
    }
    return ofModels;
  }

  static Batch batch(String runId, BatchRequest request) {
    List<MlflowRequest> metrics = request.fields().messages("metrics");
    List<MlflowRequest> params = request.fields().messages("params");
    List<MlflowRequest> tags = request.fields().messages("tags");
    List<MetricPoint> read = request.metrics();
    int metricCount = read == null ? metrics.size() : read.size();
    atMost("metrics", metricCount, METRICS);
    atMost("params", params.size(), PARAMS);
    atMost("tags", tags.size(), TAGS);
    atMost("metrics, params, and tags", metricCount + params.size() + tags.size(), ALL);
    List<MetricPoint> points =
        read == null ? metrics.stream().map(LoggedFields::metric).toList() : read;
    return new Batch(
        points, params(params), request.fields().tags("tags"), modelMetrics(runId, metrics));
  }

  /** Messages of {@code key} and {@code value}, no key twice. */
  static SortedMap<String, String> params(List<MlflowRequest> fields) {
    SortedMap<String, String> params = new TreeMap<>();
    for (MlflowRequest param : fields) {
      String key = param.required("key");
      if (params.put(key, param.text("value", "")) != null) {
        throw MlflowRequest.fault("Duplicate parameter keys have been submitted: ['" + key + "']");
      }
    }
    return params;
  }

  private static void atMost(String what, int count, int most) {
    if (count > most) {
      throw MlflowRequest.fault(
          "A batch logging request can contain at most "
              + most
              + " "
              + what
              + ". Got "
              + count
              + ". Please split up your request.");
    }
  }
}
