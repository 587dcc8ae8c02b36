package dev.unmask.inference.deployment;

import dev.unmask.inference.api.DeploymentStatus;
import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds the model that a request names among the READY deployments of its team. */
@Component
public class ServedModels {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final DeploymentService deployments;
  private final DeploymentLoader loader;

  ServedModels(DeploymentService deployments, DeploymentLoader loader) {
    this.deployments = deployments;
    this.loader = loader;
  }

  /** READY deployments of the team, newest first. */
  public List<ServedModel> list(String team) {
    return deployments.list(team).stream().flatMap(d -> served(d).stream()).toList();
  }

  /**
   * The newest READY deployment that answers to the name.
   *
   * @param modelId {@code NAME}, {@code NAME:VERSION}, {@code NAME@ALIAS} or a deployment's name
   * @throws UnmaskException with MODEL_NOT_FOUND, or UNAVAILABLE while it loads or after it failed
   */
  public ServedModel find(String team, String modelId) {
    List<Deployment> answering =
        deployments.list(team).stream().filter(d -> d.answersTo(modelId)).toList();
    return answering.stream()
        .flatMap(deployment -> served(deployment).stream())
        .findFirst()
        .orElseThrow(() -> unserved(modelId, answering));
  }

  /**
   * The model of one deployment.
   *
   * @throws UnmaskException with DEPLOYMENT_NOT_FOUND or DEPLOYMENT_NOT_READY
   */
  public ServedModel ofDeployment(String team, String id) {
    Deployment deployment = deployments.get(team, id);
    return served(deployment)
        .orElseThrow(
            () ->
                UnmaskException.retryLater(
                    ErrorCode.DEPLOYMENT_NOT_READY, notReady(deployment), RETRY_AFTER));
  }

  private Optional<ServedModel> served(Deployment deployment) {
    return deployment.status() == DeploymentStatus.READY
        ? loader.model(deployment.id()).map(model -> new ServedModel(deployment, model))
        : Optional.empty();
  }

  private static UnmaskException unserved(String modelId, List<Deployment> answering) {
    return answering.isEmpty()
        ? new UnmaskException(
            ErrorCode.MODEL_NOT_FOUND,
            "no deployment of this team serves the model \"%s\"; GET /v1/models lists what is"
                    .formatted(modelId)
                + " served")
        : UnmaskException.retryLater(
            ErrorCode.UNAVAILABLE, notReady(answering.getFirst()), RETRY_AFTER);
  }

  private static String notReady(Deployment deployment) {
    String detail = deployment.detail();
    return "deployment \"%s\" is %s%s"
        .formatted(
            deployment.name(), deployment.status(), detail == null ? "" : " (" + detail + ")");
  }
}
