package dev.unmask.registry.comparison;

import dev.unmask.registry.api.RunsApi.DifferenceQuery;
import dev.unmask.registry.api.RunsApi.RunDifferences;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunSearchService;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the comparison of {@link dev.unmask.registry.api.RunsApi}. */
@RestController
@RequestMapping("/api/v1/registry/runs")
@RequiresRole(Role.VIEWER)
class DifferenceController {
  private final RunSearchService runs;

  DifferenceController(RunSearchService runs) {
    this.runs = runs;
  }

  @PostMapping("/differences")
  RunDifferences differences(Caller caller, @Valid @RequestBody DifferenceQuery query) {
    List<Run.Details> compared =
        runs.configurations(caller.teamId(), query.runs().stream().distinct().toList());
    return new RunDifferences(
        compared.stream().map(details -> details.run().runId()).toList(),
        Differences.of(compared.stream().map(Run.Details::params).toList()),
        Differences.of(compared.stream().map(Run.Details::tags).toList()));
  }
}
