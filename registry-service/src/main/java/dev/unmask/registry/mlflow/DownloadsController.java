package dev.unmask.registry.mlflow;

import dev.unmask.registry.admission.FileTransfer;
import dev.unmask.registry.artifact.Artifact;
import dev.unmask.registry.artifact.ArtifactDownload;
import dev.unmask.registry.artifact.ArtifactOwner.OfRun;
import dev.unmask.registry.artifact.ArtifactPath;
import dev.unmask.registry.artifact.ArtifactService;
import dev.unmask.registry.artifact.Blob;
import dev.unmask.registry.model.ModelVersion;
import dev.unmask.registry.model.ModelVersionService;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Links of web pages to single files; what they answer is saved by a browser, never shown. */
@RestController
@RequiresRole(Role.VIEWER)
class DownloadsController {
  private final ArtifactService artifacts;
  private final ModelVersionService versions;

  DownloadsController(ArtifactService artifacts, ModelVersionService versions) {
    this.artifacts = artifacts;
    this.versions = versions;
  }

  @FileTransfer
  @GetMapping("/get-artifact")
  ResponseEntity<Resource> ofRun(
      Caller caller, MlflowRequest request, @RequestHeader HttpHeaders headers) {
    OfRun run = new OfRun(request.runId());
    ArtifactPath path = new ArtifactPath(request.required("path"));
    return download(path, artifacts.get(caller.teamId(), run, path), headers);
  }

  /** From the files that the version was made of, whatever became of its source. */
  @FileTransfer
  @GetMapping("/model-versions/get-artifact")
  ResponseEntity<Resource> ofVersion(
      Caller caller, MlflowRequest request, @RequestHeader HttpHeaders headers) {
    String name = request.required("name");
    int number = VersionNumbers.required(request);
    ArtifactPath path = new ArtifactPath(request.required("path"));
    ModelVersion version = versions.get(caller.teamId(), name, number);
    Artifact file = versions.file(version, path);
    return download(path, file.blob(), headers);
  }

  private ResponseEntity<Resource> download(ArtifactPath path, Blob blob, HttpHeaders headers) {
    return ArtifactDownload.of(path.name(), blob, artifacts.content(blob), headers);
  }
}
