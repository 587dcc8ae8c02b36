package dev.unmask.registry.mlflow;

import dev.unmask.registry.experiment.DefaultExperimentService;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.metric.ModelMetric;
import dev.unmask.registry.mlflow.MlflowJson.RunInfo;
import dev.unmask.registry.run.Batch;
import dev.unmask.registry.run.NewRun;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunChange;
import dev.unmask.registry.run.RunRemovalService;
import dev.unmask.registry.run.RunService;
import dev.unmask.registry.run.RunStatus;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/** {@code runs/*}. */
@MlflowRoutes
@RequiresRole(Role.MEMBER)
class RunsController {
  private final RunService runs;
  private final RunRemovalService removal;
  private final DefaultExperimentService defaults;
  private final RunMessages messages;

  RunsController(
      RunService runs,
      RunRemovalService removal,
      DefaultExperimentService defaults,
      RunMessages messages) {
    this.runs = runs;
    this.removal = removal;
    this.defaults = defaults;
    this.messages = messages;
  }

  @PostMapping("/runs/create")
  Map<String, Object> create(Caller caller, MlflowRequest request) {
    NewRun wanted =
        new NewRun(
            ExperimentIds.parse(request.text("experiment_id", "0")),
            request.text("run_name"),
            request.text("user_id"),
            request.int64("start_time"),
            request.tags("tags"));
    defaults.ensure(caller.teamId());
    return Map.of("run", messages.of(runs.create(caller.teamId(), wanted)));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/runs/get")
  Map<String, Object> get(Caller caller, MlflowRequest request) {
    return Map.of("run", messages.of(runs.details(caller.teamId(), request.runId())));
  }

  @PostMapping("/runs/update")
  Map<String, Object> update(Caller caller, MlflowRequest request) {
    RunChange change =
        new RunChange(
            request.constant("status", RunStatus.class, 1),
            request.int64("end_time"),
            request.text("run_name"));
    Run run = runs.update(caller.teamId(), request.runId(), change);
    return Map.of("run_info", RunInfo.of(run));
  }

  @PostMapping("/runs/log-metric")
  Map<String, Object> logMetric(Caller caller, MlflowRequest request) {
    String runId = request.runId();
    MetricPoint point = LoggedFields.metric(request);
    List<ModelMetric> ofModels = LoggedFields.modelMetrics(runId, List.of(request));
    runs.log(caller.teamId(), runId, new Batch(List.of(point), none(), none(), ofModels));
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/log-parameter")
  Map<String, Object> logParameter(Caller caller, MlflowRequest request) {
    String runId = request.runId();
    runs.log(caller.teamId(), runId, new Batch(List.of(), LoggedFields.entry(request), none()));
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/set-tag")
  Map<String, Object> setTag(Caller caller, MlflowRequest request) {
    String runId = request.runId();
    runs.log(caller.teamId(), runId, new Batch(List.of(), none(), LoggedFields.entry(request)));
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/log-batch")
  Map<String, Object> logBatch(Caller caller, BatchRequest request) {
    String runId = request.fields().runId();
    runs.log(caller.teamId(), runId, LoggedFields.batch(runId, request));
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/delete-tag")
  Map<String, Object> deleteTag(Caller caller, MlflowRequest request) {
    runs.deleteTag(caller.teamId(), request.runId(), request.required("key"));
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/delete")
  Map<String, Object> delete(Caller caller, MlflowRequest request) {
    removal.delete(caller, request.runId());
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/restore")
  Map<String, Object> restore(Caller caller, MlflowRequest request) {
    removal.restore(caller, request.runId());
    return MlflowJson.NOTHING;
  }

  private static SortedMap<String, String> none() {
    return new TreeMap<>();
  }
}
