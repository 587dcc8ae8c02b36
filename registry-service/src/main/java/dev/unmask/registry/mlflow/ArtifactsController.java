package dev.unmask.registry.mlflow;

import dev.unmask.registry.admission.FileTransfer;
import dev.unmask.registry.artifact.ArtifactAddress;
import dev.unmask.registry.artifact.ArtifactDownload;
import dev.unmask.registry.artifact.ArtifactOwner;
import dev.unmask.registry.artifact.ArtifactOwner.OfRun;
import dev.unmask.registry.artifact.ArtifactPath;
import dev.unmask.registry.artifact.ArtifactRemovalService;
import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
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

/** Artifacts of runs by their address {@code <experiment>/<run>/artifacts/<path>}, and lists. */
@RestController
@RequiresRole(Role.MEMBER)
class ArtifactsController {
  static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";
  static final String AJAX_PROXY = "/ajax-api/2.0/mlflow-artifacts/artifacts";
  private static final String FILE = "/{experiment}/{run}/artifacts/{*path}";

  private final RunService runs;
  private final ArtifactService artifacts;
  private final ArtifactRemovalService removal;
  private final ArtifactAddresses addresses;
  private final ArtifactLists lists;

  ArtifactsController(
      RunService runs,
      ArtifactService artifacts,
      ArtifactRemovalService removal,
      ArtifactAddresses addresses,
      ArtifactLists lists) {
    this.runs = runs;
    this.artifacts = artifacts;
    this.removal = removal;
    this.addresses = addresses;
    this.lists = lists;
  }

  @FileTransfer
  @PutMapping({PROXY + FILE, AJAX_PROXY + FILE})
  Map<String, Object> put(
      Caller caller,
      @PathVariable String experiment,
      @PathVariable String run,
      @PathVariable String path,
      HttpServletRequest request)
      throws IOException {
    ArtifactPath name = fileName(path);
    OfRun owner = addresses.run(caller.teamId(), experiment, run);
    artifacts.put(
        caller.teamId(), owner, name, request.getInputStream(), request.getContentLengthLong());
    return MlflowJson.NOTHING;
  }

  @FileTransfer
  @RequiresRole(Role.VIEWER)
  @GetMapping({PROXY + FILE, AJAX_PROXY + FILE})
  ResponseEntity<Resource> get(
      Caller caller,
      @PathVariable String experiment,
      @PathVariable String run,
      @PathVariable String path,
      @RequestHeader HttpHeaders headers) {
    ArtifactPath name = fileName(path);
    var blob =
        artifacts.get(caller.teamId(), addresses.run(caller.teamId(), experiment, run), name);
    return ArtifactDownload.of(name.name(), blob, artifacts.content(blob), headers);
  }

  @RequiresRole(Role.MAINTAINER)
  @DeleteMapping({PROXY + FILE, AJAX_PROXY + FILE})
  Map<String, Object> delete(
      Caller caller,
      @PathVariable String experiment,
      @PathVariable String run,
      @PathVariable String path) {
    ArtifactPath name = fileName(path);
    removal.remove(caller, addresses.run(caller.teamId(), experiment, run), name);
    return MlflowJson.NOTHING;
  }

  /** Lists by address, and answers names relative to the listed folder. */
  @RequiresRole(Role.VIEWER)
  @GetMapping({PROXY, AJAX_PROXY})
  Map<String, Object> listByAddress(Caller caller, MlflowRequest request) {
    String address = ArtifactLists.withoutTrailingSlash(request.text("path", ""));
    if (address.isEmpty()) {
      return MlflowJson.NOTHING;
    }
    ArtifactAddress parts = ArtifactAddress.parse(new ArtifactPath(address).value()).orElse(null);
    if (parts == null) {
      return MlflowJson.NOTHING;
    }
    ArtifactOwner owner = addresses.owner(caller.teamId(), parts);
    return lists.whole(caller.teamId(), owner, parts.path());
  }

  /** Lists by run, and answers paths relative to the run's root. */
  @RequiresRole(Role.VIEWER)
  @GetMapping({"/api/2.0/mlflow/artifacts/list", "/ajax-api/2.0/mlflow/artifacts/list"})
  Map<String, Object> list(Caller caller, MlflowRequest request) {
    Run run = runs.get(caller.teamId(), request.runId());
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("root_uri", MlflowJson.addressOf(run));
    answer.putAll(
        lists.page(caller.teamId(), new OfRun(run.runId()), request.text("path", ""), request));
    return answer;
  }

  static ArtifactPath fileName(String path) {
    return new ArtifactPath(path.startsWith("/") ? path.substring(1) : path);
  }
}
