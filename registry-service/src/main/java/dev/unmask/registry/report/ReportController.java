package dev.unmask.registry.report;

import dev.unmask.registry.api.ReportsApi.ChangedReport;
import dev.unmask.registry.api.ReportsApi.NewReport;
import dev.unmask.registry.api.ReportsApi.Report;
import dev.unmask.registry.api.ReportsApi.ReportSummary;
import dev.unmask.registry.api.ReportsApi.ReportVersion;
import dev.unmask.registry.api.ReportsApi.Restore;
import dev.unmask.registry.query.PageSize;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves {@link dev.unmask.registry.api.ReportsApi}. */
@RestController
@RequestMapping("/api/v1/registry/reports")
@RequiresRole(Role.VIEWER)
class ReportController {
  private final ReportService reports;

  ReportController(ReportService reports) {
    this.reports = reports;
  }

  @GetMapping
  List<ReportSummary> list(
      Caller caller,
      @RequestParam(name = "before", required = false) @Nullable Long before,
      @RequestParam(name = "max_results", defaultValue = "100") int most) {
    PageSize.check("max_results", most);
    return reports.list(caller.teamId(), before == null ? Long.MAX_VALUE : before, most);
  }

  @GetMapping("/{id}")
  Report get(Caller caller, @PathVariable long id) {
    return reports.get(caller.teamId(), id);
  }

  @RequiresRole(Role.MEMBER)
  @PostMapping
  ResponseEntity<Report> create(Caller caller, @Valid @RequestBody NewReport report) {
    return ResponseEntity.status(HttpStatus.CREATED).body(reports.create(caller, report));
  }

  @RequiresRole(Role.MEMBER)
  @PutMapping("/{id}")
  Report save(Caller caller, @PathVariable long id, @Valid @RequestBody ChangedReport report) {
    return reports.save(caller, id, report);
  }

  @RequiresRole(Role.MEMBER)
  @DeleteMapping("/{id}")
  ResponseEntity<Void> delete(Caller caller, @PathVariable long id) {
    reports.delete(caller, id);
    return ResponseEntity.noContent().build();
  }

  @GetMapping("/{id}/versions")
  List<ReportVersion> versions(
      Caller caller,
      @PathVariable long id,
      @RequestParam(name = "before", required = false) @Nullable Integer before,
      @RequestParam(name = "max_results", defaultValue = "100") int most) {
    PageSize.check("max_results", most);
    int below = before == null ? Integer.MAX_VALUE : before;
    return reports.versions(caller.teamId(), id, below, most);
  }

  @GetMapping("/{id}/versions/{version}")
  Report version(Caller caller, @PathVariable long id, @PathVariable int version) {
    return reports.version(caller.teamId(), id, version);
  }

  @RequiresRole(Role.MEMBER)
  @PostMapping("/{id}/versions/{version}/restore")
  Report restore(
      Caller caller,
      @PathVariable long id,
      @PathVariable int version,
      @Valid @RequestBody Restore restore) {
    return reports.restore(caller, id, version, restore.replaces());
  }
}
