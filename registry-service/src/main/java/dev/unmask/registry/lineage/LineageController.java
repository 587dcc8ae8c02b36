package dev.unmask.registry.lineage;

import dev.unmask.registry.api.LineageApi.Lineage;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.LineageApi}. */
@RestController
@RequestMapping("/api/v1/registry")
@RequiresRole(Role.VIEWER)
class LineageController {
  private final LineageService lineage;

  LineageController(LineageService lineage) {
    this.lineage = lineage;
  }

  @GetMapping("/runs/{run}/lineage")
  Lineage ofRun(Caller caller, @PathVariable String run) {
    return lineage.ofRun(caller.teamId(), run);
  }

  @GetMapping("/models/{name}/versions/{ref}/lineage")
  Lineage ofVersion(Caller caller, @PathVariable String name, @PathVariable String ref) {
    return lineage.ofVersion(caller.teamId(), name, ref);
  }
}
