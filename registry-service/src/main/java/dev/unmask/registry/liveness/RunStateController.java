package dev.unmask.registry.liveness;

import dev.unmask.registry.api.RunStateApi.RunState;
import dev.unmask.registry.api.RunStateApi.StaleRuns;
import dev.unmask.registry.query.PageSize;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.RunStateApi}. */
@RestController
@RequestMapping("/api/v1/registry/runs")
@RequiresRole(Role.VIEWER)
class RunStateController {
  private final RunStateService states;

  RunStateController(RunStateService states) {
    this.states = states;
  }

  @GetMapping("/{runId}")
  RunState run(Caller caller, @PathVariable String runId) {
    return states.state(caller.teamId(), runId);
  }

  @GetMapping("/stale")
  StaleRuns stale(
      Caller caller, @RequestParam(name = "max_results", defaultValue = "100") int most) {
    PageSize.check("max_results", most);
    return new StaleRuns(states.stale(caller.teamId(), most));
  }

  @RequiresRole(Role.MEMBER)
  @PostMapping("/{runId}/heartbeat")
  ResponseEntity<Void> heartbeat(Caller caller, @PathVariable String runId) {
    states.heartbeat(caller.teamId(), runId);
    return ResponseEntity.noContent().build();
  }
}
