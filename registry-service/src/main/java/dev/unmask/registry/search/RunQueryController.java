package dev.unmask.registry.search;

import dev.unmask.registry.api.RunsApi;
import dev.unmask.registry.api.RunsApi.GroupQuery;
import dev.unmask.registry.api.RunsApi.MetricStatistics;
import dev.unmask.registry.api.RunsApi.RunGroups;
import dev.unmask.registry.api.RunsApi.RunPage;
import dev.unmask.registry.api.RunsApi.RunQuery;
import dev.unmask.registry.query.Filter;
import dev.unmask.registry.query.Identifiers;
import dev.unmask.registry.query.Page;
import dev.unmask.registry.run.Run;
import dev.unmask.registry.run.RunFields;
import dev.unmask.registry.run.RunGroup;
import dev.unmask.registry.run.RunGrouping;
import dev.unmask.registry.run.RunSearchService;
import dev.unmask.support.security.Caller;
import dev.unmask.support.security.RequiresRole;
import dev.unmask.support.security.Role;
import jakarta.validation.Valid;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the searches of {@link dev.unmask.registry.api.RunsApi}. */
@RestController
@RequestMapping("/api/v1/registry/runs")
@RequiresRole(Role.VIEWER)
class RunQueryController {
  private final RunSearchService runs;
  private final RunQueries queries;

  RunQueryController(RunSearchService runs, RunQueries queries) {
    this.runs = runs;
    this.queries = queries;
  }

  @PostMapping("/search")
  RunPage search(Caller caller, @Valid @RequestBody RunQuery query) {
    RunFields fields = RunFields.parse(query.fields());
    Page<Run> page = runs.find(caller.teamId(), queries.search(caller, query));
    return new RunPage(
        runs.load(page.items(), fields).stream().map(RunQueries::view).toList(), page.next());
  }

  @PostMapping("/groups")
  RunGroups groups(Caller caller, @Valid @RequestBody GroupQuery query) {
    RunGrouping grouping =
        new RunGrouping(
            queries.numbers(caller, query.experiments()),
            Filter.parse(query.filter()),
            RunQueries.view(query.state()),
            Identifiers.parse(query.by(), "by"),
            query.metrics().stream().distinct().toList());
    return new RunGroups(
        runs.group(caller.teamId(), grouping).stream().map(RunQueryController::view).toList());
  }

  private static RunsApi.RunGroup view(RunGroup group) {
    Map<String, MetricStatistics> metrics = new LinkedHashMap<>();
    for (RunGroup.Statistics of : group.metrics()) {
      metrics.put(
          of.metric(),
          new MetricStatistics(
              of.count(),
              of.notFinite(),
              of.missing(),
              of.mean(),
              of.min(),
              of.max(),
              of.standardDeviation()));
    }
    return new RunsApi.RunGroup(group.value(), group.runs(), metrics);
  }
}
