package dev.unmask.inference.api;

import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/**
 * Deployments of registered model versions: the controller implements it, callers get a proxy of
 * it. Every answer covers the caller's team alone; another team's id answers 404.
 *
 * <p>Text is generated over OpenAI's protocol ({@code /v1/completions}), which streams and is
 * therefore not modelled here.
 */
@HttpExchange("/api/v1/inference/deployments")
public interface DeploymentsApi {

  /**
   * Resolves the model reference and starts to load it; the answer's status is usually LOADING.
   *
   * @return 201; 404 when the model, version or alias is unknown, 409 when the name is taken, 503
   *     when the registry does not answer
   */
  @PostExchange
  ResponseEntity<DeploymentView> create(@Valid @RequestBody CreateDeployment request);

  /** All deployments of the team, newest first. */
  @GetExchange
  List<DeploymentView> list();

  /** One deployment; 404 when the team has none of this id. */
  @GetExchange("/{id}")
  DeploymentView get(@PathVariable String id);

  /** Ends its running requests, frees its memory and forgets it; answers 204. */
  @DeleteExchange("/{id}")
  ResponseEntity<Void> delete(@PathVariable String id);

  /**
   * Scores a text with the deployed model: every block given its clean predecessors, its positions
   * left to right with masks to the right (the exact chain rule of block-wise decoding at one token
   * a step).
   *
   * @return 200; 409 while the deployment is not READY
   */
  @PostExchange("/{id}/score")
  ScoreView score(@PathVariable String id, @Valid @RequestBody ScoreRequest request);
}
