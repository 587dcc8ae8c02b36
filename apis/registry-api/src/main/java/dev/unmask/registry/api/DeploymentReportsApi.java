package dev.unmask.registry.api;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * How services that serve models tell the registry which: what is served belongs to lineage, and
 * the registry never calls up. For the service account only, and about all teams at once.
 */
@HttpExchange("/api/v1/registry/deployments")
public interface DeploymentReportsApi {

  /**
   * Tells what a service serves. Repeated every half minute or so, it is a sign of life, too:
   * deployments that nobody reports become stale, and after a week they are forgotten. What belongs
   * to a team that does not exist is left out.
   *
   * @return 204
   */
  @PutExchange
  void report(@Valid @RequestBody DeploymentReport report);

  /**
   * @param serving what the service has, whatever its state
   * @param ended ids of deployments that are no more
   */
  record DeploymentReport(
      @NotNull @Size(max = 1_000) List<@NotNull @Valid ReportedDeployment> serving,
      @NotNull @Size(max = 1_000) List<@NotBlank @Size(max = 64) String> ended) {}

  /**
   * @param id unique over all services that report
   * @param team id of the team that it belongs to
   * @param name the deployment's
   * @param model name of the registered model
   * @param digest of the files that it serves
   * @param status LOADING, READY or FAILED
   */
  record ReportedDeployment(
      @NotBlank @Size(max = 64) String id,
      @NotBlank @Size(max = 100) String team,
      @NotBlank @Size(max = 200) String name,
      @NotBlank @Size(max = 500) String model,
      @Min(1) int version,
      @NotBlank @Size(max = 100) String digest,
      @NotBlank @Size(max = 20) String status,
      @NotNull Instant createdAt) {}
}
