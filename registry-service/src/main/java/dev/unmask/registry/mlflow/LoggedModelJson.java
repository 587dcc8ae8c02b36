package dev.unmask.registry.mlflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.unmask.registry.artifact.ArtifactAddress;
import dev.unmask.registry.artifact.ArtifactOwner;
import dev.unmask.registry.dataset.Dataset;
import dev.unmask.registry.dataset.DatasetInput;
import dev.unmask.registry.dataset.RunLinks;
import dev.unmask.registry.loggedmodel.LoggedModel;
import dev.unmask.registry.loggedmodel.LoggedModelStatus;
import dev.unmask.registry.metric.ModelMetric;
import dev.unmask.registry.mlflow.MlflowJson.KeyValue;
import dev.unmask.registry.model.ModelVersionService.Registration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** The protocol's messages of logged models, and of what runs read and made. */
final class LoggedModelJson {

  private LoggedModelJson() {}

  /** The protocol's names of {@link LoggedModelStatus}, in the order of their numbers from 1. */
  enum WireStatus {
    LOGGED_MODEL_PENDING(LoggedModelStatus.PENDING),
    LOGGED_MODEL_READY(LoggedModelStatus.READY),
    LOGGED_MODEL_UPLOAD_FAILED(LoggedModelStatus.FAILED);

    private final LoggedModelStatus status;

    WireStatus(LoggedModelStatus status) {
      this.status = status;
    }

    LoggedModelStatus status() {
      return status;
    }

    static WireStatus of(LoggedModelStatus status) {
      return switch (status) {
        case PENDING -> LOGGED_MODEL_PENDING;
        case READY -> LOGGED_MODEL_READY;
        case FAILED -> LOGGED_MODEL_UPLOAD_FAILED;
      };
    }
  }

  record RegistrationMessage(String name, String version) {}

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LoggedModelInfo(
      String modelId,
      String experimentId,
      String name,
      long creationTimestampMs,
      long lastUpdatedTimestampMs,
      String artifactUri,
      String status,
      @Nullable String modelType,
      @Nullable String sourceRunId,
      @Nullable List<KeyValue> tags,
      @Nullable List<RegistrationMessage> registrations) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LoggedModelData(
      @Nullable List<KeyValue> params, @Nullable List<ModelMetricMessage> metrics) {}

  record LoggedModelMessage(LoggedModelInfo info, LoggedModelData data) {
    static LoggedModelMessage of(LoggedModel.Details details, List<Registration> registrations) {
      LoggedModel model = details.model();
      LoggedModelInfo info =
          new LoggedModelInfo(
              model.modelId(),
              Long.toString(model.experiment()),
              model.name(),
              model.createdAt(),
              model.updatedAt(),
              addressOf(model),
              WireStatus.of(model.status()).name(),
              model.modelType(),
              model.sourceRunId(),
              KeyValue.of(details.tags()),
              MlflowJson.orNull(
                  registrations.stream()
                      .map(r -> new RegistrationMessage(r.model(), Integer.toString(r.version())))
                      .toList()));
      return new LoggedModelMessage(
          info,
          new LoggedModelData(
              KeyValue.of(details.params()), ModelMetricMessage.of(details.metrics())));
    }
  }

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record ModelMetricMessage(
      String key,
      double value,
      long timestamp,
      long step,
      String datasetName,
      String datasetDigest,
      String modelId,
      String runId) {
    static @Nullable List<ModelMetricMessage> of(List<ModelMetric> metrics) {
      return MlflowJson.orNull(metrics.stream().map(ModelMetricMessage::of).toList());
    }

    private static ModelMetricMessage of(ModelMetric metric) {
      return new ModelMetricMessage(
          metric.point().key(),
          metric.point().value(),
          metric.point().timestamp(),
          metric.point().step(),
          metric.datasetName(),
          metric.datasetDigest(),
          metric.modelId(),
          metric.runId());
    }
  }

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DatasetMessage(
      String name,
      String digest,
      String sourceType,
      String source,
      @Nullable String schema,
      @Nullable String profile) {
    private static DatasetMessage of(Dataset dataset) {
      return new DatasetMessage(
          dataset.name(),
          dataset.digest(),
          dataset.sourceType(),
          dataset.source(),
          dataset.schema(),
          dataset.profile());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DatasetInputMessage(@Nullable List<KeyValue> tags, DatasetMessage dataset) {
    private static DatasetInputMessage of(DatasetInput input) {
      return new DatasetInputMessage(KeyValue.of(input.tags()), DatasetMessage.of(input.dataset()));
    }
  }

  @JsonNaming(SnakeCaseStrategy.class)
  record ModelInputMessage(String modelId) {}

  @JsonNaming(SnakeCaseStrategy.class)
  record ModelOutputMessage(String modelId, long step) {}

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RunInputs(
      @Nullable List<DatasetInputMessage> datasetInputs,
      @Nullable List<ModelInputMessage> modelInputs) {
    static RunInputs of(RunLinks links) {
      return new RunInputs(
          MlflowJson.orNull(links.datasets().stream().map(DatasetInputMessage::of).toList()),
          MlflowJson.orNull(links.modelInputs().stream().map(ModelInputMessage::new).toList()));
    }
  }

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record RunOutputs(@Nullable List<ModelOutputMessage> modelOutputs) {
    static RunOutputs of(RunLinks links) {
      return new RunOutputs(
          MlflowJson.orNull(
              links.outputs().stream()
                  .map(output -> new ModelOutputMessage(output.modelId(), output.step()))
                  .toList()));
    }
  }

  static String addressOf(LoggedModel model) {
    return new ArtifactAddress(
            Long.toString(model.experiment()), new ArtifactOwner.OfLoggedModel(model.modelId()), "")
        .uri();
  }
}
