package dev.unmask.registry.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * The part of MLflow's REST protocol that training speaks to the registry; {@code team} is the team
 * a call of the service account is for.
 *
 * <p>Failures are MLflow's {@code {"error_code", "message"}}: 404 {@code RESOURCE_DOES_NOT_EXIST},
 * 400 {@code RESOURCE_ALREADY_EXISTS} or {@code INVALID_PARAMETER_VALUE}, 503 with {@code
 * Retry-After} when the registry is overloaded. All writes but the creations of experiments, runs
 * and versions may be repeated without effect.
 */
@HttpExchange
public interface MlflowTrackingApi {

  /** Names the team that a call of the service account is for. */
  String TEAM_HEADER = ModelsApi.TEAM_HEADER;

  /** 404 when the team has no experiment of this name; deleted ones are answered too. */
  @GetExchange("/api/2.0/mlflow/experiments/get-by-name")
  ExperimentAnswer experimentByName(
      @RequestHeader(TEAM_HEADER) String team, @RequestParam("experiment_name") String name);

  /** 400 RESOURCE_ALREADY_EXISTS when the name is taken. */
  @PostExchange("/api/2.0/mlflow/experiments/create")
  CreatedExperiment createExperiment(
      @RequestHeader(TEAM_HEADER) String team, @RequestBody CreateExperiment request);

  /** Starts a run with status RUNNING. */
  @PostExchange("/api/2.0/mlflow/runs/create")
  RunAnswer createRun(@RequestHeader(TEAM_HEADER) String team, @RequestBody CreateRun request);

  @GetExchange("/api/2.0/mlflow/runs/get")
  RunAnswer run(@RequestHeader(TEAM_HEADER) String team, @RequestParam("run_id") String runId);

  @PostExchange("/api/2.0/mlflow/runs/update")
  void updateRun(@RequestHeader(TEAM_HEADER) String team, @RequestBody UpdateRun request);

  /**
   * All of the batch or nothing is stored; sending it again has no effect. At most 1,000 metrics,
   * 100 params and 100 tags, 1,000 in all.
   */
  @PostExchange("/api/2.0/mlflow/runs/log-batch")
  void logBatch(@RequestHeader(TEAM_HEADER) String team, @RequestBody LogBatch request);

  @PostExchange("/api/2.0/mlflow/runs/set-tag")
  void setTag(@RequestHeader(TEAM_HEADER) String team, @RequestBody SetTag request);

  /**
   * Stores one file among the run's artifacts as {@code <directory>/<file>}; the body is streamed.
   *
   * @param directory one name, for instance {@code model}
   * @param content for instance a {@code FileSystemResource}
   */
  @PutExchange(
      "/api/2.0/mlflow-artifacts/artifacts/{experimentId}/{runId}/artifacts/{directory}/{file}")
  void putArtifact(
      @RequestHeader(TEAM_HEADER) String team,
      @PathVariable String experimentId,
      @PathVariable String runId,
      @PathVariable String directory,
      @PathVariable String file,
      @RequestBody Resource content);

  /** 400 RESOURCE_ALREADY_EXISTS when the name is taken. */
  @PostExchange("/api/2.0/mlflow/registered-models/create")
  void createRegisteredModel(
      @RequestHeader(TEAM_HEADER) String team, @RequestBody CreateRegisteredModel request);

  /** Snapshots the files under the source as an immutable version. */
  @PostExchange("/api/2.0/mlflow/model-versions/create")
  ModelVersionAnswer createModelVersion(
      @RequestHeader(TEAM_HEADER) String team, @RequestBody CreateModelVersion request);

  /** Points an alias at a version, moving it when it exists. */
  @PostExchange("/api/2.0/mlflow/registered-models/alias")
  void setAlias(@RequestHeader(TEAM_HEADER) String team, @RequestBody SetAlias request);

  record KeyValue(String key, String value) {}

  /**
   * @param timestamp milliseconds since the epoch
   * @param step global optimizer step
   */
  record Metric(String key, double value, long timestamp, long step) {}

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record CreateExperiment(String name, List<KeyValue> tags) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record CreatedExperiment(@JsonProperty("experiment_id") String experimentId) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record ExperimentAnswer(Experiment experiment) {}

  /**
   * @param lifecycleStage {@code active} or {@code deleted}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Experiment(
      @JsonProperty("experiment_id") String experimentId,
      String name,
      @JsonProperty("lifecycle_stage") String lifecycleStage) {}

  /**
   * @param startTime milliseconds since the epoch
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record CreateRun(
      @JsonProperty("experiment_id") String experimentId,
      @JsonProperty("run_name") @Nullable String runName,
      @JsonProperty("user_id") @Nullable String userId,
      @JsonProperty("start_time") long startTime,
      List<KeyValue> tags) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record RunAnswer(Run run) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Run(RunInfo info) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record RunInfo(
      @JsonProperty("run_id") String runId,
      @JsonProperty("run_name") @Nullable String runName,
      @JsonProperty("experiment_id") String experimentId,
      String status) {}

  /**
   * @param status RUNNING, FINISHED, FAILED or KILLED; unchanged where null
   * @param endTime milliseconds since the epoch; unchanged where null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record UpdateRun(
      @JsonProperty("run_id") String runId,
      @Nullable String status,
      @JsonProperty("end_time") @Nullable Long endTime) {}

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record LogBatch(
      @JsonProperty("run_id") String runId,
      List<Metric> metrics,
      List<KeyValue> params,
      List<KeyValue> tags) {}

  record SetTag(@JsonProperty("run_id") String runId, String key, String value) {}

  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record CreateRegisteredModel(String name, @Nullable String description, List<KeyValue> tags) {}

  /**
   * @param source {@code runs:/<run_id>/model}: the folder of the run's artifacts that becomes the
   *     version; only safetensors, JSON, text and Markdown files are accepted in it
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record CreateModelVersion(
      String name,
      String source,
      @JsonProperty("run_id") String runId,
      @Nullable String description,
      List<KeyValue> tags) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record ModelVersionAnswer(@JsonProperty("model_version") ModelVersion modelVersion) {}

  /**
   * @param version a decimal number as text, as MLflow writes it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record ModelVersion(String name, String version, String status) {}

  record SetAlias(String name, String alias, String version) {}
}
