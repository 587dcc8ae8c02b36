package dev.unmask.registry.mlflow;

import dev.unmask.registry.dataset.Dataset;
import dev.unmask.registry.dataset.DatasetInput;
import dev.unmask.registry.dataset.RunLinks.ModelOutput;
import dev.unmask.registry.dataset.RunLinksService;
import dev.unmask.registry.run.ModelHistoryService;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.PostMapping;

/** The calls of {@code runs/*} that name what a run read and made. */
@MlflowRoutes
@RequiresRole(Role.MEMBER)
class RunLinksController {
  private final RunLinksService links;
  private final ModelHistoryService history;

  RunLinksController(RunLinksService links, ModelHistoryService history) {
    this.links = links;
    this.history = history;
  }

  @PostMapping("/runs/log-inputs")
  Map<String, Object> logInputs(Caller caller, @LongBody MlflowRequest request) {
    String runId = request.runId();
    List<DatasetInput> datasets =
        request.messages("datasets").stream().map(RunLinksController::input).toList();
    List<String> models =
        request.messages("models").stream().map(model -> model.required("model_id")).toList();
    links.logInputs(caller.teamId(), runId, datasets, models);
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/outputs")
  Map<String, Object> logOutputs(Caller caller, MlflowRequest request) {
    String runId = request.runId();
    List<ModelOutput> outputs =
        request.messages("models").stream()
            .map(model -> new ModelOutput(model.required("model_id"), model.int64("step", 0)))
            .toList();
    if (outputs.isEmpty()) {
      throw request.missing("models");
    }
    links.logOutputs(caller.teamId(), runId, outputs);
    return MlflowJson.NOTHING;
  }

  @PostMapping("/runs/log-model")
  Map<String, Object> logModel(Caller caller, MlflowRequest request) {
    history.add(caller.teamId(), request.runId(), request.required("model_json"));
    return MlflowJson.NOTHING;
  }

  private static DatasetInput input(MlflowRequest input) {
    MlflowRequest dataset = input.requiredMessage("dataset");
    return new DatasetInput(
        new Dataset(
            dataset.required("name"),
            dataset.required("digest"),
            dataset.required("source_type"),
            dataset.required("source"),
            dataset.text("schema"),
            dataset.text("profile")),
        input.tags("tags"));
  }
}
