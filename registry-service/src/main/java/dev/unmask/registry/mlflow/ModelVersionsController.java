package dev.unmask.registry.mlflow;

import dev.unmask.registry.model.ModelVersion;
import dev.unmask.registry.model.ModelVersionService;
import dev.unmask.registry.model.NewVersion;
import dev.unmask.registry.model.Stage;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.registry.query.Page;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.Map;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;

/** {@code model-versions/*}. What moves or removes a promoted version needs a maintainer. */
@MlflowRoutes
@RequiresRole(Role.MEMBER)
class ModelVersionsController {
  private final ModelVersionService versions;
  private final ModelVersionMessages messages;

  ModelVersionsController(ModelVersionService versions, ModelVersionMessages messages) {
    this.versions = versions;
    this.messages = messages;
  }

  @PostMapping("/model-versions/create")
  Map<String, Object> create(Caller caller, MlflowRequest request) {
    return answer(
        caller,
        versions.create(
            caller,
            new NewVersion(
                request.required("name"),
                request.required("source"),
                request.text("run_id"),
                request.text("model_id"),
                request.text("run_link"),
                request.text("description"),
                caller.name(),
                request.tags("tags"))));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/model-versions/get")
  Map<String, Object> get(Caller caller, MlflowRequest request) {
    return answer(caller, find(caller, request));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/model-versions/get-download-uri")
  Map<String, Object> downloadUri(Caller caller, MlflowRequest request) {
    return Map.of("artifact_uri", find(caller, request).sourceUri());
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/model-versions/search")
  Map<String, Object> search(Caller caller, MlflowRequest request) {
    Page<ModelVersion> page =
        versions.search(
            caller.teamId(),
            Filter.parse(request.text("filter")),
            OrderClause.parseAll(request.texts("order_by")),
            request.maxResults(10_000, 200_000),
            request.text("page_token"));
    return MlflowJson.list(
        "model_versions", messages.of(caller.teamId(), page.items()), page.next());
  }

  @PatchMapping("/model-versions/update")
  Map<String, Object> update(Caller caller, MlflowRequest request) {
    String name = request.required("name");
    int version = VersionNumbers.required(request);
    return answer(caller, versions.describe(caller, name, version, request.text("description")));
  }

  @RequiresRole(Role.MAINTAINER)
  @PostMapping("/model-versions/transition-stage")
  Map<String, Object> transition(Caller caller, MlflowRequest request) {
    String name = request.required("name");
    int version = VersionNumbers.required(request);
    Stage stage = Stage.of(request.required("stage"));
    boolean archive = request.bool("archive_existing_versions");
    return answer(caller, versions.transition(caller, name, version, stage, archive));
  }

  @RequiresRole(Role.MAINTAINER)
  @DeleteMapping("/model-versions/delete")
  Map<String, Object> delete(Caller caller, MlflowRequest request) {
    versions.delete(caller, request.required("name"), VersionNumbers.required(request));
    return MlflowJson.NOTHING;
  }

  @PostMapping("/model-versions/set-tag")
  Map<String, Object> setTag(Caller caller, MlflowRequest request) {
    String name = request.required("name");
    int version = VersionNumbers.required(request);
    String key = request.required("key");
    versions.setTag(caller, name, version, key, request.text("value", ""));
    return MlflowJson.NOTHING;
  }

  @DeleteMapping("/model-versions/delete-tag")
  Map<String, Object> deleteTag(Caller caller, MlflowRequest request) {
    String name = request.required("name");
    int version = VersionNumbers.required(request);
    versions.deleteTag(caller, name, version, request.required("key"));
    return MlflowJson.NOTHING;
  }

  private ModelVersion find(Caller caller, MlflowRequest request) {
    String name = request.required("name");
    return versions.get(caller.teamId(), name, VersionNumbers.required(request));
  }

  private Map<String, Object> answer(Caller caller, ModelVersion version) {
    return Map.of("model_version", messages.of(caller.teamId(), version));
  }
}
