package dev.unmask.registry.mlflow;

import dev.unmask.registry.admission.FileTransfer;
import dev.unmask.registry.artifact.ArtifactDownload;
import dev.unmask.registry.artifact.ArtifactOwner.OfLoggedModel;
import dev.unmask.registry.artifact.ArtifactPath;
import dev.unmask.registry.artifact.ArtifactRemovalService;
import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.loggedmodel.LoggedModel;
import dev.unmask.registry.loggedmodel.LoggedModelService;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Artifacts by their address {@code <experiment>/models/<logged model>/artifacts/<path>}. */
@RestController
@RequiresRole(Role.MEMBER)
class LoggedModelArtifactsController {
  private static final String FILE = "/{experiment}/models/{model}/artifacts/{*path}";
  private static final String PROXY = ArtifactsController.PROXY + FILE;
  private static final String AJAX_PROXY = ArtifactsController.AJAX_PROXY + FILE;

  private final LoggedModelService models;
  private final ArtifactService artifacts;
  private final ArtifactRemovalService removal;
  private final ArtifactAddresses addresses;
  private final ArtifactLists lists;

  LoggedModelArtifactsController(
      LoggedModelService models,
      ArtifactService artifacts,
      ArtifactRemovalService removal,
      ArtifactAddresses addresses,
      ArtifactLists lists) {
    this.models = models;
    this.artifacts = artifacts;
    this.removal = removal;
    this.addresses = addresses;
    this.lists = lists;
  }

  @FileTransfer
  @PutMapping({PROXY, AJAX_PROXY})
  Map<String, Object> put(
      Caller caller,
      @PathVariable String experiment,
      @PathVariable String model,
      @PathVariable String path,
      HttpServletRequest request)
      throws IOException {
    ArtifactPath name = ArtifactsController.fileName(path);
    OfLoggedModel owner = addresses.model(caller.teamId(), experiment, model);
    artifacts.put(
        caller.teamId(), owner, name, request.getInputStream(), request.getContentLengthLong());
    return MlflowJson.NOTHING;
  }

  @RequiresRole(Role.VIEWER)
  @FileTransfer
  @GetMapping({PROXY, AJAX_PROXY})
  ResponseEntity<Resource> get(
      Caller caller,
      @PathVariable String experiment,
      @PathVariable String model,
      @PathVariable String path,
      @RequestHeader HttpHeaders headers) {
    ArtifactPath name = ArtifactsController.fileName(path);
    var blob =
        artifacts.get(caller.teamId(), addresses.model(caller.teamId(), experiment, model), name);
    return ArtifactDownload.of(name.name(), blob, artifacts.content(blob), headers);
  }

  @RequiresRole(Role.MAINTAINER)
  @DeleteMapping({PROXY, AJAX_PROXY})
  Map<String, Object> delete(
      Caller caller,
      @PathVariable String experiment,
      @PathVariable String model,
      @PathVariable String path) {
    ArtifactPath name = ArtifactsController.fileName(path);
    removal.remove(caller, addresses.model(caller.teamId(), experiment, model), name);
    return MlflowJson.NOTHING;
  }

  /** Lists by logged model, and answers paths relative to the model's root. */
  @RequiresRole(Role.VIEWER)
  @GetMapping({
    "/api/2.0/mlflow/logged-models/{model}/artifacts/directories",
    "/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/directories"
  })
  Map<String, Object> list(Caller caller, @PathVariable String model, MlflowRequest request) {
    LoggedModel found = models.get(caller.teamId(), model);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("root_uri", LoggedModelJson.addressOf(found));
    answer.putAll(
        lists.page(
            caller.teamId(),
            new OfLoggedModel(model),
            request.text("artifact_directory_path", ""),
            request));
    return answer;
  }
}
