package dev.unmask.registry.mlflow;

import dev.unmask.registry.experiment.DefaultExperimentService;
import dev.unmask.registry.experiment.Experiment;
import dev.unmask.registry.experiment.ExperimentRemovalService;
import dev.unmask.registry.experiment.ExperimentService;
import dev.unmask.registry.experiment.ExperimentView;
import dev.unmask.registry.mlflow.MlflowJson.ExperimentMessage;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

/** {@code experiments/*}. */
@MlflowRoutes
@RequiresRole(Role.MEMBER)
class ExperimentsController {
  private final ExperimentService experiments;
  private final ExperimentRemovalService removal;
  private final DefaultExperimentService defaults;

  ExperimentsController(
      ExperimentService experiments,
      ExperimentRemovalService removal,
      DefaultExperimentService defaults) {
    this.experiments = experiments;
    this.removal = removal;
    this.defaults = defaults;
  }

  @PostMapping("/experiments/create")
  Map<String, Object> create(Caller caller, MlflowRequest request) {
    String location = request.text("artifact_location", "");
    if (!location.isEmpty() && !location.startsWith("mlflow-artifacts:")) {
      throw MlflowRequest.fault(
          "Invalid value for parameter 'artifact_location': this server keeps artifacts itself,"
              + " leave it out");
    }
    defaults.ensure(caller.teamId());
    Experiment experiment =
        experiments.create(caller.teamId(), request.required("name"), request.tags("tags"));
    return Map.of("experiment_id", Long.toString(experiment.number()));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/experiments/get")
  Map<String, Object> get(Caller caller, MlflowRequest request) {
    long number = ExperimentIds.parse(request.required("experiment_id"));
    defaults.ensure(caller.teamId());
    return answer(experiments.get(caller.teamId(), number));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/experiments/get-by-name")
  Map<String, Object> getByName(Caller caller, MlflowRequest request) {
    String name = request.required("experiment_name");
    defaults.ensure(caller.teamId());
    return answer(experiments.getByName(caller.teamId(), name));
  }

  @RequiresRole(Role.VIEWER)
  @RequestMapping(
      path = "/experiments/search",
      method = {RequestMethod.GET, RequestMethod.POST})
  Map<String, Object> search(Caller caller, MlflowRequest request) {
    ExperimentView view = request.constant("view_type", ExperimentView.class, 1);
    defaults.ensure(caller.teamId());
    Page<Experiment> page =
        experiments.search(
            caller.teamId(),
            Filter.parse(request.text("filter")),
            OrderClause.parseAll(request.texts("order_by")),
            view == null ? ExperimentView.ACTIVE_ONLY : view,
            request.maxResults(1_000, 50_000),
            request.text("page_token"));
    return MlflowJson.list(
        "experiments", page.items().stream().map(ExperimentMessage::of).toList(), page.next());
  }

  @PostMapping("/experiments/update")
  Map<String, Object> update(Caller caller, MlflowRequest request) {
    long number = ExperimentIds.parse(request.required("experiment_id"));
    experiments.rename(caller.teamId(), number, request.required("new_name"));
    return MlflowJson.NOTHING;
  }

  @RequiresRole(Role.MAINTAINER)
  @PostMapping("/experiments/delete")
  Map<String, Object> delete(Caller caller, MlflowRequest request) {
    long number = ExperimentIds.parse(request.required("experiment_id"));
    removal.delete(caller, number);
    return MlflowJson.NOTHING;
  }

  @RequiresRole(Role.MAINTAINER)
  @PostMapping("/experiments/restore")
  Map<String, Object> restore(Caller caller, MlflowRequest request) {
    long number = ExperimentIds.parse(request.required("experiment_id"));
    removal.restore(caller, number);
    return MlflowJson.NOTHING;
  }

  @PostMapping("/experiments/set-experiment-tag")
  Map<String, Object> setTag(Caller caller, MlflowRequest request) {
    long number = ExperimentIds.parse(request.required("experiment_id"));
    String key = request.required("key");
    experiments.setTag(caller.teamId(), number, key, request.text("value", ""));
    return MlflowJson.NOTHING;
  }

  @PostMapping("/experiments/delete-experiment-tag")
  Map<String, Object> deleteTag(Caller caller, MlflowRequest request) {
    long number = ExperimentIds.parse(request.required("experiment_id"));
    experiments.deleteTag(caller.teamId(), number, request.required("key"));
    return MlflowJson.NOTHING;
  }

  private static Map<String, Object> answer(Experiment experiment) {
    return Map.of("experiment", ExperimentMessage.of(experiment));
  }
}
