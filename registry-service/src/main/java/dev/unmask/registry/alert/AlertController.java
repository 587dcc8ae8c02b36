package dev.unmask.registry.alert;

import dev.unmask.registry.api.AlertsApi.AlertView;
import dev.unmask.registry.query.PageSize;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.AlertsApi}. */
@RestController
@RequestMapping("/api/v1/registry/alerts")
@RequiresRole(Role.VIEWER)
class AlertController {
  private final AlertService alerts;

  AlertController(AlertService alerts) {
    this.alerts = alerts;
  }

  @GetMapping
  List<AlertView> list(
      Caller caller,
      @RequestParam(name = "open", defaultValue = "true") boolean open,
      @RequestParam(name = "before", required = false) @Nullable Long before,
      @RequestParam(name = "max_results", defaultValue = "100") int most) {
    PageSize.check("max_results", most);
    return alerts.list(caller.teamId(), open, before, most);
  }

  @RequiresRole(Role.MEMBER)
  @PostMapping("/{id}/acknowledge")
  AlertView acknowledge(Caller caller, @PathVariable long id) {
    return alerts.acknowledge(caller, id);
  }
}
