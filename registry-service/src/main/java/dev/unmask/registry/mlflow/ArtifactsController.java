package dev.unmask.registry.mlflow;

import dev.unmask.registry.admission.FileTransfer;
import dev.unmask.registry.artifact.ArtifactDownload;
import dev.unmask.registry.artifact.ArtifactListing;
import dev.unmask.registry.artifact.ArtifactPath;
import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.mlflow.MlflowJson.FileInfo;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunService;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** Artifacts by their address {@code <experiment>/<run>/artifacts/<path>}, and lists of them. */
@RestController
@RequiresRole(Role.MEMBER)
class ArtifactsController {
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";
  private static final String AJAX_PROXY = "/ajax-api/2.0/mlflow-artifacts/artifacts";
  private static final String FILE = "/{experiment}/{run}/artifacts/{*path}";

  private final RunService runs;
  private final ArtifactService artifacts;

  ArtifactsController(RunService runs, ArtifactService artifacts) {
    this.runs = runs;
    this.artifacts = artifacts;
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
    String runId = runOf(caller, experiment, run);
    artifacts.put(
        caller.teamId(), runId, name, request.getInputStream(), request.getContentLengthLong());
    return MlflowJson.NOTHING;
  }

  @FileTransfer
  @RequiresRole(Role.VIEWER)
  @GetMapping({PROXY + FILE, AJAX_PROXY + FILE})
  ResponseEntity<Resource> get(
      Caller caller,
      @PathVariable String experiment,
      @PathVariable String run,
      @PathVariable String path) {
    ArtifactPath name = fileName(path);
    String runId = runOf(caller, experiment, run);
    var blob = artifacts.get(caller.teamId(), runId, name);
    return ArtifactDownload.of(name.name(), blob, artifacts.content(blob));
  }

  @RequiresRole(Role.MAINTAINER)
  @DeleteMapping({PROXY + FILE, AJAX_PROXY + FILE})
  Map<String, Object> delete(
      Caller caller,
      @PathVariable String experiment,
      @PathVariable String run,
      @PathVariable String path) {
    ArtifactPath name = fileName(path);
    artifacts.remove(caller.teamId(), runOf(caller, experiment, run), name);
    return MlflowJson.NOTHING;
  }

  /** Lists by address, and answers names relative to the listed folder. */
  @RequiresRole(Role.VIEWER)
  @GetMapping({PROXY, AJAX_PROXY})
  Map<String, Object> listByAddress(Caller caller, MlflowRequest request) {
    String address = withoutTrailingSlash(request.text("path", ""));
    if (address.isEmpty()) {
      return MlflowJson.NOTHING;
    }
    String[] parts = new ArtifactPath(address).value().split("/", 4);
    if (parts.length < 3 || !parts[2].equals("artifacts")) {
      return MlflowJson.NOTHING;
    }
    String folder = parts.length == 4 ? parts[3] : "";
    String runId = runOf(caller, parts[0], parts[1]);
    int skip = folder.isEmpty() ? 0 : folder.length() + 1;
    return MlflowJson.list("files", files(caller, runId, folder, skip), null);
  }

  /** Lists by run, and answers paths relative to the run's root. */
  @RequiresRole(Role.VIEWER)
  @GetMapping({"/api/2.0/mlflow/artifacts/list", "/ajax-api/2.0/mlflow/artifacts/list"})
  Map<String, Object> list(Caller caller, MlflowRequest request) {
    Run run = runs.get(caller.teamId(), request.runId());
    String folder = withoutTrailingSlash(request.text("path", ""));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("root_uri", MlflowJson.addressOf(run));
    answer.putAll(MlflowJson.list("files", files(caller, run.runId(), folder, 0), null));
    return answer;
  }

  private List<FileInfo> files(Caller caller, String runId, String folder, int skip) {
    return artifacts.list(caller.teamId(), runId, folder).stream()
        .map(entry -> fileInfo(entry, skip))
        .toList();
  }

  private static FileInfo fileInfo(ArtifactListing entry, int skip) {
    return new FileInfo(
        entry.path().substring(skip), entry.folder(), entry.folder() ? null : entry.size());
  }

  /** The run must be of the experiment that the address names. */
  private String runOf(Caller caller, String experiment, String runId) {
    Run run = runs.get(caller.teamId(), runId);
    if (run.experiment() != ExperimentIds.parse(experiment)) {
      throw new UnmaskException(
          ErrorCode.RUN_NOT_FOUND,
          "Run with id=" + runId + " not found in experiment " + experiment);
    }
    return run.runId();
  }

  private static ArtifactPath fileName(String path) {
    return new ArtifactPath(path.startsWith("/") ? path.substring(1) : path);
  }

  private static String withoutTrailingSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
