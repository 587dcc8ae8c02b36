package dev.unmask.registry.retention;

import dev.unmask.registry.api.PurgesApi.PurgeRuns;
import dev.unmask.registry.api.PurgesApi.PurgeView;
import dev.unmask.registry.experiment.DefaultExperimentService;
import dev.unmask.registry.query.PageSize;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.PurgesApi}; its tests call it through HTTP. */
@RestController
@RequestMapping("/api/v1/registry")
@RequiresRole(Role.MAINTAINER)
class PurgeController {
  private final PurgeService purges;
  private final DefaultExperimentService defaults;
  private final RetentionWorker worker;

  PurgeController(PurgeService purges, DefaultExperimentService defaults, RetentionWorker worker) {
    this.purges = purges;
    this.defaults = defaults;
    this.worker = worker;
  }

  @PostMapping("/experiments/{experiment}/purge")
  ResponseEntity<PurgeView> purgeExperiment(Caller caller, @PathVariable long experiment) {
    return accepted(purges.purgeExperiment(caller, experiment));
  }

  @PostMapping("/runs/purge")
  ResponseEntity<PurgeView> purgeRuns(Caller caller, @Valid @RequestBody PurgeRuns request) {
    PurgedRuns which = PurgedRuns.of(request);
    defaults.ensure(caller.teamId());
    return accepted(purges.purgeRuns(caller, which));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/purges")
  List<PurgeView> list(
      Caller caller,
      @RequestParam(required = false) @Nullable String after,
      @RequestParam(defaultValue = "100") int size) {
    PageSize.check("size", size);
    return purges.list(caller.teamId(), after, size).stream().map(PurgeController::view).toList();
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/purges/{id}")
  PurgeView get(Caller caller, @PathVariable String id) {
    return view(purges.get(caller.teamId(), id));
  }

  @DeleteMapping("/purges/{id}")
  ResponseEntity<PurgeView> cancel(Caller caller, @PathVariable String id) {
    return accepted(purges.cancel(caller, id));
  }

  private ResponseEntity<PurgeView> accepted(Purge purge) {
    worker.wake();
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/registry/purges/" + purge.id()))
        .body(view(purge));
  }

  private static PurgeView view(Purge purge) {
    return new PurgeView(
        purge.id(),
        purge.state().name().toLowerCase(Locale.ROOT),
        purge.experiment(),
        purge.runs(),
        purge.runsRemoved(),
        purge.runsRestored(),
        purge.pointsRemoved(),
        purge.userId(),
        purge.requestedAt(),
        purge.endedAt());
  }
}
