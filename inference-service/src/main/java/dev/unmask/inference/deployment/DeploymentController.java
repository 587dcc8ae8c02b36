package dev.unmask.inference.deployment;

import dev.unmask.inference.api.CreateDeployment;
import dev.unmask.inference.api.DeploymentView;
import dev.unmask.inference.api.ScoreRequest;
import dev.unmask.inference.api.ScoreView;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@link dev.unmask.inference.api.DeploymentsApi} as its callers see it; a handler also takes the
 * caller, which a client's interface has no place for.
 */
@RestController
@RequestMapping("/api/v1/inference/deployments")
class DeploymentController {
  private final DeploymentService deployments;
  private final DeploymentLoader loader;
  private final DeploymentScores scores;

  DeploymentController(
      DeploymentService deployments, DeploymentLoader loader, DeploymentScores scores) {
    this.deployments = deployments;
    this.loader = loader;
    this.scores = scores;
  }

  @PostMapping
  @RequiresRole(Role.MEMBER)
  ResponseEntity<DeploymentView> create(
      Caller caller, @Valid @RequestBody CreateDeployment request) {
    Deployment created = deployments.create(caller.teamId(), request);
    loader.load(created.id());
    return ResponseEntity.created(URI.create("/api/v1/inference/deployments/" + created.id()))
        .body(view(created));
  }

  @GetMapping
  @RequiresRole(Role.VIEWER)
  List<DeploymentView> list(Caller caller) {
    return deployments.list(caller.teamId()).stream().map(DeploymentController::view).toList();
  }

  @GetMapping("/{id}")
  @RequiresRole(Role.VIEWER)
  DeploymentView get(Caller caller, @PathVariable String id) {
    return view(deployments.get(caller.teamId(), id));
  }

  @DeleteMapping("/{id}")
  @RequiresRole(Role.MEMBER)
  ResponseEntity<Void> delete(Caller caller, @PathVariable String id) {
    deployments.delete(caller.teamId(), id);
    loader.unload(id);
    return ResponseEntity.noContent().build();
  }

  @PostMapping("/{id}/score")
  @RequiresRole(Role.MEMBER)
  ScoreView score(
      Caller caller, @PathVariable String id, @Valid @RequestBody ScoreRequest request) {
    return scores.score(caller.teamId(), id, request);
  }

  private static DeploymentView view(Deployment deployment) {
    RegisteredVersion version = deployment.version();
    return new DeploymentView(
        deployment.id(),
        deployment.name(),
        deployment.reference(),
        version.name(),
        version.version(),
        version.digest(),
        deployment.status(),
        deployment.detail(),
        deployment.precision(),
        deployment.decoding(),
        deployment.createdAt());
  }
}
