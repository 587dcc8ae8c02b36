package dev.unmask.registry.mlflow;

import dev.unmask.support.error.ErrorCode;
import dev.unmask.support.error.UnmaskException;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What remains below MLflow's prefixes: a probe, and calls that are not served. */
@RestController
@RequiresRole(Role.VIEWER)
class OtherRoutesController {

  @GetMapping({"/api/3.0/mlflow/server-info", "/ajax-api/3.0/mlflow/server-info"})
  Map<String, Object> serverInfo() {
    return Map.of(
        "store_type", "SqlStore", "workspaces_enabled", false, "trace_archival_enabled", false);
  }

  @RequestMapping({
    "/api/2.0/mlflow/**",
    "/api/3.0/mlflow/**",
    "/api/2.0/mlflow-artifacts/**",
    "/ajax-api/**"
  })
  Map<String, Object> unknown() {
    throw new UnmaskException(
        ErrorCode.ROUTE_NOT_FOUND, "this server has no such call of MLflow's API");
  }
}
