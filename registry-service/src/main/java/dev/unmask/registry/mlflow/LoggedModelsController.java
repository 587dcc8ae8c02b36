package dev.unmask.registry.mlflow;

import dev.unmask.registry.experiment.DefaultExperimentService;
import dev.unmask.registry.loggedmodel.LoggedModel;
import dev.unmask.registry.loggedmodel.LoggedModelSearch;
import dev.unmask.registry.loggedmodel.LoggedModelSearch.Found;
import dev.unmask.registry.loggedmodel.LoggedModelService;
import dev.unmask.registry.loggedmodel.NewLoggedModel;
import dev.unmask.registry.mlflow.LoggedModelJson.LoggedModelMessage;
import dev.unmask.registry.mlflow.LoggedModelJson.WireStatus;
import dev.unmask.registry.model.ModelVersionService;
import dev.unmask.registry.model.ModelVersionService.Registration;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/** {@code logged-models/*}. Deleting needs a maintainer, because no call brings one back. */
@MlflowRoutes
@RequiresRole(Role.MEMBER)
class LoggedModelsController {
  private final LoggedModelService models;
  private final ModelVersionService versions;
  private final DefaultExperimentService defaults;

  LoggedModelsController(
      LoggedModelService models, ModelVersionService versions, DefaultExperimentService defaults) {
    this.models = models;
    this.versions = versions;
    this.defaults = defaults;
  }

  @PostMapping("/logged-models")
  Map<String, Object> create(Caller caller, MlflowRequest request) {
    NewLoggedModel wanted =
        new NewLoggedModel(
            ExperimentIds.parse(request.text("experiment_id", "0")),
            request.text("name"),
            textOrNull(request, "model_type"),
            textOrNull(request, "source_run_id"),
            caller.name(),
            LoggedFields.params(request.messages("params")),
            request.tags("tags"));
    defaults.ensure(caller.teamId());
    return answer(caller, models.create(caller.teamId(), wanted));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/logged-models/{model}")
  Map<String, Object> get(Caller caller, @PathVariable String model) {
    return answer(caller, models.details(caller.teamId(), model));
  }

  @PatchMapping("/logged-models/{model}")
  Map<String, Object> finish(Caller caller, @PathVariable String model, MlflowRequest request) {
    checkSameId(model, request);
    WireStatus status = request.constant("status", WireStatus.class, 1);
    if (status == null) {
      throw request.missing("status");
    }
    return answer(caller, models.setStatus(caller.teamId(), model, status.status()));
  }

  @RequiresRole(Role.MAINTAINER)
  @DeleteMapping("/logged-models/{model}")
  Map<String, Object> delete(Caller caller, @PathVariable String model) {
    models.delete(caller, model);
    return MlflowJson.NOTHING;
  }

  @PatchMapping("/logged-models/{model}/tags")
  Map<String, Object> setTags(Caller caller, @PathVariable String model, MlflowRequest request) {
    checkSameId(model, request);
    models.setTags(caller.teamId(), model, request.tags("tags"));
    return MlflowJson.NOTHING;
  }

  @DeleteMapping("/logged-models/{model}/tags/{key}")
  Map<String, Object> deleteTag(
      Caller caller, @PathVariable String model, @PathVariable String key) {
    models.deleteTag(caller.teamId(), model, key);
    return MlflowJson.NOTHING;
  }

  @PostMapping("/logged-models/{model}/params")
  Map<String, Object> logParams(Caller caller, @PathVariable String model, MlflowRequest request) {
    checkSameId(model, request);
    models.logParams(caller.teamId(), model, LoggedFields.params(request.messages("params")));
    return MlflowJson.NOTHING;
  }

  @RequiresRole(Role.VIEWER)
  @PostMapping("/logged-models/search")
  Map<String, Object> search(Caller caller, MlflowRequest request) {
    LoggedModelSearch search = LoggedModelQuery.of(request);
    Found found = models.search(caller.teamId(), search);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.putAll(MlflowJson.list("models", messages(caller, found.models()), null));
    if (found.more()) {
      answer.put("next_page_token", PageCursor.token(found.models().getLast().model().modelId()));
    }
    return answer;
  }

  private Map<String, Object> answer(Caller caller, LoggedModel.Details model) {
    return Map.of("model", messages(caller, List.of(model)).getFirst());
  }

  private List<LoggedModelMessage> messages(Caller caller, List<LoggedModel.Details> found) {
    Map<String, List<Registration>> registrations =
        versions.registrations(
            caller.teamId(), found.stream().map(details -> details.model().modelId()).toList());
    return found.stream()
        .map(
            details ->
                LoggedModelMessage.of(
                    details, registrations.getOrDefault(details.model().modelId(), List.of())))
        .toList();
  }

  /** Some clients repeat the address's id in the body. */
  private static void checkSameId(String model, MlflowRequest request) {
    if (!request.text("model_id", model).equals(model)) {
      throw MlflowRequest.fault(
          "Invalid value for parameter 'model_id': it must be the one of the address, '"
              + model
              + "'");
    }
  }

  private static @Nullable String textOrNull(MlflowRequest request, String name) {
    String text = request.text(name, "");
    return text.isEmpty() ? null : text;
  }
}
