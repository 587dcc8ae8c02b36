package dev.unmask.registry.mlflow;

import dev.unmask.registry.experiment.DefaultExperimentService;
import dev.unmask.registry.metric.MetricPoint;
import dev.unmask.registry.mlflow.MlflowJson.RunInfo;
import dev.unmask.registry.mlflow.MlflowJson.RunMessage;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.query.PageToken;
import dev.unmask.registry.run.Batch;
import dev.unmask.registry.run.NewRun;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunChange;
import dev.unmask.registry.run.RunSearch;
import dev.unmask.registry.run.RunService;
import dev.unmask.registry.run.RunStatus;
import dev.unmask.registry.run.RunView;
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
  private final DefaultExperimentService defaults;

  RunsController(RunService runs, DefaultExperimentService defaults) {
    this.runs = runs;
    this.defaults = defaults;
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
    return Map.of("run", RunMessage.of(runs.create(caller.teamId(), wanted)));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/runs/get")
  Map<String, Object> get(Caller caller, MlflowRequest request) {
    return Map.of("run", RunMessage.of(runs.details(caller.teamId(), request.runId())));
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

  @RequiresRole(Role.VIEWER)
  @PostMapping("/runs/search")
  Map<String, Object> search(Caller caller, MlflowRequest request) {
    RunView view = request.constant("run_view_type", RunView.class, 1);
    RunSearch search =
        new RunSearch(
            request.texts("experiment_ids").stream().map(ExperimentIds::parse).toList(),
            Filter.parse(request.text("filter")),
            OrderClause.parseAll(request.texts("order_by")),
            view == null ? RunView.ACTIVE_ONLY : view,
            request.maxResults(1_000, 50_000),
            PageToken.parse(request.text("page_token")));
    Page<Run.Details> page = runs.search(caller.teamId(), search);
    return MlflowJson.list("runs", page.items().stream().map(RunMessage::of).toList(), page.next());
  }

  @PostMapping("/runs/log-metric")
  Map<String, Object> logMetric(Caller caller, MlflowRequest request) {
    String runId = request.runId();
    MetricPoint point = LoggedFields.metric(request);
    runs.log(caller.teamId(), runId, new Batch(List.of(point), none(), none()));
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
    runs.log(caller.teamId(), runId, LoggedFields.batch(request));
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/delete-tag")
  Map<String, Object> deleteTag(Caller caller, MlflowRequest request) {
    runs.deleteTag(caller.teamId(), request.runId(), request.required("key"));
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/delete")
  Map<String, Object> delete(Caller caller, MlflowRequest request) {
    runs.setActive(caller.teamId(), request.runId(), false);
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/restore")
  Map<String, Object> restore(Caller caller, MlflowRequest request) {
    runs.setActive(caller.teamId(), request.runId(), true);
    return MlflowJson.NOTHING;
  }

  private static SortedMap<String, String> none() {
    return new TreeMap<>();
  }
}
