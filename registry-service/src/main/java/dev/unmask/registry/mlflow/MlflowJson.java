package dev.unmask.registry.mlflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.unmask.registry.dataset.RunLinks;
import dev.unmask.registry.experiment.Experiment;
import dev.unmask.registry.loggedmodel.LoggedModel;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.mlflow.LoggedModelJson.ModelMetricMessage;
import dev.unmask.registry.mlflow.LoggedModelJson.RunInputs;
import dev.unmask.registry.mlflow.LoggedModelJson.RunOutputs;
import dev.unmask.registry.model.ModelVersion;
import dev.unmask.registry.model.RegisteredModel;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.series.BulkHistoryService.RunPoint;
import dev.unmask.registry.series.Point;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The protocol's messages as they are answered: snake_case, numbers as numbers, unset and empty
 * fields left out (hence the null for an empty list).
 */
final class MlflowJson {
  /** The answer of calls without a result. */
  static final Map<String, Object> NOTHING = Map.of();

  private MlflowJson() {}

  record KeyValue(String key, String value) {
    static @Nullable List<KeyValue> of(Map<String, String> entries) {
      return orNull(
          entries.entrySet().stream().map(e -> new KeyValue(e.getKey(), e.getValue())).toList());
    }
  }

  record NameValue(String name, String value) {
    static @Nullable List<NameValue> of(Map<String, String> entries) {
      return orNull(
          entries.entrySet().stream().map(e -> new NameValue(e.getKey(), e.getValue())).toList());
    }
  }

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ExperimentMessage(
      String experimentId,
      String name,
      String artifactLocation,
      String lifecycleStage,
      long lastUpdateTime,
      long creationTime,
      @Nullable List<KeyValue> tags) {
    static ExperimentMessage of(Experiment experiment) {
      return new ExperimentMessage(
          Long.toString(experiment.number()),
          experiment.name(),
          "mlflow-artifacts:/" + experiment.number(),
          lifecycle(experiment.active()),
          experiment.updatedAt(),
          experiment.createdAt(),
          KeyValue.of(experiment.tags()));
    }
  }

  record Metric(String key, double value, long timestamp, long step) {
    static Metric of(MetricPoint point) {
      return new Metric(point.key(), point.value(), point.timestamp(), point.step());
    }
  }

  @JsonNaming(SnakeCaseStrategy.class)
  record RunMetric(String key, double value, long timestamp, long step, String runId) {
    static RunMetric of(String key, RunPoint found) {
      Point point = found.point();
      return new RunMetric(key, point.value(), point.time(), point.step(), found.runId());
    }
  }

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RunInfo(
      String runUuid,
      String experimentId,
      String runName,
      String userId,
      String status,
      long startTime,
      @Nullable Long endTime,
      String artifactUri,
      String lifecycleStage,
      String runId) {
    static RunInfo of(Run run) {
      return new RunInfo(
          run.runId(),
          Long.toString(run.experiment()),
          run.name(),
          run.userId(),
          run.status().name(),
          run.startTime(),
          run.endTime(),
          addressOf(run),
          lifecycle(run.active()),
          run.runId());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RunData(
      @Nullable List<Metric> metrics,
      @Nullable List<KeyValue> params,
      @Nullable List<KeyValue> tags) {}

  record RunMessage(RunInfo info, RunData data, RunInputs inputs, RunOutputs outputs) {
    static RunMessage of(Run.Details details, RunLinks links) {
      RunData data =
          new RunData(
              orNull(details.metrics().stream().map(Metric::of).toList()),
              KeyValue.of(details.params()),
              KeyValue.of(details.tags()));
      return new RunMessage(
          RunInfo.of(details.run()), data, RunInputs.of(links), RunOutputs.of(links));
    }
  }

  /**
   * @param path relative to the run's root, or a bare name where the proxy lists
   */
  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record FileInfo(String path, boolean isDir, @Nullable Long fileSize) {}

  record Alias(String alias, String version) {}

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RegisteredModelMessage(
      String name,
      long creationTimestamp,
      long lastUpdatedTimestamp,
      @Nullable String description,
      @Nullable List<ModelVersionMessage> latestVersions,
      @Nullable List<KeyValue> tags,
      @Nullable List<Alias> aliases) {
    static RegisteredModelMessage of(RegisteredModel model) {
      return new RegisteredModelMessage(
          model.name(),
          model.createdAt(),
          model.updatedAt(),
          model.description(),
          orNull(model.latest().stream().map(ModelVersionMessage::of).toList()),
          KeyValue.of(model.tags()),
          orNull(
              model.aliases().entrySet().stream()
                  .map(alias -> new Alias(alias.getKey(), Integer.toString(alias.getValue())))
                  .toList()));
    }
  }

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ModelVersionMessage(
      String name,
      String version,
      long creationTimestamp,
      long lastUpdatedTimestamp,
      String userId,
      String currentStage,
      String description,
      String source,
      @Nullable String runId,
      String status,
      @Nullable List<KeyValue> tags,
      String runLink,
      @Nullable List<String> aliases,
      @Nullable String modelId,
      @Nullable List<NameValue> modelParams,
      @Nullable List<ModelMetricMessage> modelMetrics) {
    static ModelVersionMessage of(ModelVersion version) {
      return of(version, null);
    }

    /**
     * @param model the logged model that the version was made of, if its params and metrics are to
     *     be told
     */
    static ModelVersionMessage of(ModelVersion version, LoggedModel.@Nullable Details model) {
      String description = version.description();
      return new ModelVersionMessage(
          version.model(),
          Integer.toString(version.version()),
          version.createdAt(),
          version.updatedAt(),
          version.userId(),
          version.stage().wireName(),
          description == null ? "" : description,
          version.source(),
          version.runId(),
          // Snapshots are complete when they are answered: clients need not poll.
          "READY",
          KeyValue.of(version.tags()),
          version.runLink() == null ? "" : version.runLink(),
          orNull(version.aliases()),
          version.modelId(),
          model == null ? null : NameValue.of(model.params()),
          model == null ? null : ModelMetricMessage.of(model.metrics()));
    }
  }

  static String addressOf(Run run) {
    return "mlflow-artifacts:/" + run.experiment() + "/" + run.runId() + "/artifacts";
  }

  /** A message of one field; empty when the list is. */
  static Map<String, Object> list(String name, List<?> items, @Nullable String next) {
    Map<String, Object> message = new java.util.LinkedHashMap<>();
    if (!items.isEmpty()) {
      message.put(name, items);
    }
    if (next != null) {
      message.put("next_page_token", next);
    }
    return message;
  }

  private static String lifecycle(boolean active) {
    return active ? "active" : "deleted";
  }

  static <T> @Nullable List<T> orNull(List<T> items) {
    return items.isEmpty() ? null : items;
  }
}
