package dev.unmask.registry.mlflow;

import dev.unmask.registry.mlflow.MlflowJson.RegisteredModelMessage;
import dev.unmask.registry.model.AliasService;
import dev.unmask.registry.model.ModelVersionService;
import dev.unmask.registry.model.RegisteredModel;
import dev.unmask.registry.model.RegisteredModelService;
import dev.unmask.registry.model.Stage;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

/** {@code registered-models/*}. What moves or removes a promoted version needs a maintainer. */
@MlflowRoutes
@RequiresRole(Role.MEMBER)
class RegisteredModelsController {
  private final RegisteredModelService models;
  private final ModelVersionService versions;
  private final AliasService aliases;
  private final ModelVersionMessages messages;

  RegisteredModelsController(
      RegisteredModelService models,
      ModelVersionService versions,
      AliasService aliases,
      ModelVersionMessages messages) {
    this.models = models;
    this.versions = versions;
    this.aliases = aliases;
    this.messages = messages;
  }

  @PostMapping("/registered-models/create")
  Map<String, Object> create(Caller caller, MlflowRequest request) {
    return answer(
        models.create(
            caller, request.required("name"), request.text("description"), request.tags("tags")));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/registered-models/get")
  Map<String, Object> get(Caller caller, MlflowRequest request) {
    return answer(models.get(caller.teamId(), request.required("name")));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/registered-models/search")
  Map<String, Object> search(Caller caller, MlflowRequest request) {
    Page<RegisteredModel> page =
        models.search(
            caller.teamId(),
            Filter.parse(request.text("filter")),
            OrderClause.parseAll(request.texts("order_by")),
            request.maxResults(100, 1_000),
            request.text("page_token"));
    return MlflowJson.list(
        "registered_models",
        page.items().stream().map(RegisteredModelMessage::of).toList(),
        page.next());
  }

  @RequiresRole(Role.MAINTAINER)
  @PostMapping("/registered-models/rename")
  Map<String, Object> rename(Caller caller, MlflowRequest request) {
    return answer(models.rename(caller, request.required("name"), request.required("new_name")));
  }

  @PatchMapping("/registered-models/update")
  Map<String, Object> update(Caller caller, MlflowRequest request) {
    return answer(models.describe(caller, request.required("name"), request.text("description")));
  }

  @RequiresRole(Role.MAINTAINER)
  @DeleteMapping("/registered-models/delete")
  Map<String, Object> delete(Caller caller, MlflowRequest request) {
    models.delete(caller, request.required("name"));
    return MlflowJson.NOTHING;
  }

  @PostMapping("/registered-models/set-tag")
  Map<String, Object> setTag(Caller caller, MlflowRequest request) {
    models.setTag(
        caller, request.required("name"), request.required("key"), request.text("value", ""));
    return MlflowJson.NOTHING;
  }

  @DeleteMapping("/registered-models/delete-tag")
  Map<String, Object> deleteTag(Caller caller, MlflowRequest request) {
    models.deleteTag(caller, request.required("name"), request.required("key"));
    return MlflowJson.NOTHING;
  }

  @RequiresRole(Role.VIEWER)
  @RequestMapping(
      path = "/registered-models/get-latest-versions",
      method = {RequestMethod.GET, RequestMethod.POST})
  Map<String, Object> latest(Caller caller, MlflowRequest request) {
    List<Stage> stages = request.texts("stages").stream().map(Stage::of).toList();
    return MlflowJson.list(
        "model_versions",
        messages.of(
            caller.teamId(), versions.latest(caller.teamId(), request.required("name"), stages)),
        null);
  }

  @RequiresRole(Role.MAINTAINER)
  @PostMapping("/registered-models/alias")
  Map<String, Object> setAlias(Caller caller, MlflowRequest request) {
    String name = request.required("name");
    String alias = request.required("alias");
    aliases.set(caller, name, alias, VersionNumbers.required(request));
    return MlflowJson.NOTHING;
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/registered-models/alias")
  Map<String, Object> getByAlias(Caller caller, MlflowRequest request) {
    String name = request.required("name");
    return Map.of(
        "model_version",
        messages.of(
            caller.teamId(),
            versions.getByAlias(caller.teamId(), name, request.required("alias"))));
  }

  @RequiresRole(Role.MAINTAINER)
  @DeleteMapping("/registered-models/alias")
  Map<String, Object> deleteAlias(Caller caller, MlflowRequest request) {
    aliases.remove(caller, request.required("name"), request.required("alias"));
    return MlflowJson.NOTHING;
  }

  private static Map<String, Object> answer(RegisteredModel model) {
    return Map.of("registered_model", RegisteredModelMessage.of(model));
  }
}
