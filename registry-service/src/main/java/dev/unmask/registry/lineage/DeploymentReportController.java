package dev.unmask.registry.lineage;

import dev.unmask.registry.api.DeploymentReportsApi.DeploymentReport;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.DeploymentReportsApi}. */
@RestController
@RequestMapping("/api/v1/registry/deployments")
@RequiresRole(Role.SERVICE)
class DeploymentReportController {
  private final DeploymentReportService reports;

  DeploymentReportController(DeploymentReportService reports) {
    this.reports = reports;
  }

  @PutMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void report(@Valid @RequestBody DeploymentReport report) {
    reports.keep(report);
  }
}
