package dev.unmask.registry.model;

import dev.unmask.registry.admission.FileTransfer;
import dev.unmask.registry.api.ModelsApi.ModelFile;
import dev.unmask.registry.api.ModelsApi.ModelVersionView;
import dev.unmask.registry.api.ModelsApi.ModelView;
import dev.unmask.registry.artifact.Artifact;
import dev.unmask.registry.artifact.ArtifactDownload;
import dev.unmask.registry.artifact.ArtifactPath;
import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.OrderClause;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.time.Instant;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.ModelsApi}; its tests call it through that contract. */
@RestController
@RequestMapping("/api/v1/registry/models")
@RequiresRole(Role.VIEWER)
class ModelController {
  private static final int MOST = 1_000;
  private static final List<OrderClause> LAST_UPDATED_FIRST =
      OrderClause.parseAll(List.of("last_updated_timestamp DESC"));

  private final RegisteredModelService models;
  private final ModelVersionService versions;
  private final ArtifactService artifacts;

  ModelController(
      RegisteredModelService models, ModelVersionService versions, ArtifactService artifacts) {
    this.models = models;
    this.versions = versions;
    this.artifacts = artifacts;
  }

  @GetMapping
  List<ModelView> list(Caller caller) {
    Filter all = new Filter(List.of());
    return models.search(caller.teamId(), all, LAST_UPDATED_FIRST, MOST, null).items().stream()
        .map(model -> view(caller, model))
        .toList();
  }

  @GetMapping("/{name}")
  ModelView get(Caller caller, @PathVariable String name) {
    return view(caller, models.get(caller.teamId(), name));
  }

  @GetMapping("/{name}/versions/{ref}")
  ModelVersionView version(Caller caller, @PathVariable String name, @PathVariable String ref) {
    ModelVersion version = versions.resolve(caller.teamId(), name, ref);
    return view(version, versions.files(version));
  }

  /** The bytes of one file of a version, with the SHA-256 of the content as {@code ETag}. */
  @FileTransfer
  @GetMapping("/{name}/versions/{ref}/files")
  ResponseEntity<Resource> file(
      Caller caller,
      @PathVariable String name,
      @PathVariable String ref,
      @RequestParam String path,
      @RequestHeader HttpHeaders headers) {
    ArtifactPath wanted = new ArtifactPath(path);
    ModelVersion version = versions.resolve(caller.teamId(), name, ref);
    Artifact file = versions.file(version, wanted);
    return ArtifactDownload.of(wanted.name(), file.blob(), artifacts.content(file.blob()), headers);
  }

  private ModelView view(Caller caller, RegisteredModel model) {
    return new ModelView(
        model.name(),
        model.description(),
        model.aliases(),
        model.tags(),
        versions.all(caller.teamId(), model.name()).stream()
            .map(version -> view(version, List.of()))
            .toList(),
        Instant.ofEpochMilli(model.createdAt()),
        Instant.ofEpochMilli(model.updatedAt()));
  }

  private static ModelVersionView view(ModelVersion version, List<Artifact> files) {
    return new ModelVersionView(
        version.model(),
        version.version(),
        version.runId(),
        version.digest(),
        version.aliases(),
        files.stream()
            .map(file -> new ModelFile(file.path(), file.blob().size(), file.blob().sha256()))
            .toList(),
        Instant.ofEpochMilli(version.createdAt()),
        version.tags());
  }
}
